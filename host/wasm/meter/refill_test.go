package meter_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// slice is what the host of these tests gives at a time, if that is enough: few blocks cost more.
const slice = 50

var errEmpty = errors.New("there is no more gas")

// purse is a host that gives gas by slices.
type purse struct {
	*guest
	left  int64 // not given yet
	asked int
}

// startRefilled makes an instance of a refilled module and its host.
func startRefilled(t testing.TB, engine wazero.RuntimeConfig, original []byte) *purse {
	t.Helper()
	ctx := context.Background()
	runtime := wazero.NewRuntimeWithConfig(ctx, engine)
	t.Cleanup(func() { runtime.Close(ctx) })
	wasi_snapshot_preview1.MustInstantiate(ctx, runtime)
	p := new(purse)
	refill := func(context.Context, api.Module, []uint64) {
		p.asked++
		gas := int64(p.gas.Get())
		more := min(max(slice, -gas), p.left)
		p.left -= more
		p.gas.Set(uint64(gas + more))
		if gas+more < 0 {
			panic(errEmpty)
		}
	}
	if _, err := runtime.NewHostModuleBuilder(RefillModule).NewFunctionBuilder().
		WithGoModuleFunction(api.GoModuleFunc(refill), nil, nil).Export(RefillFunction).Instantiate(ctx); err != nil {
		t.Fatal(err)
	}
	rewritten, err := RewriteRefilled(original)
	if err != nil {
		t.Fatal(err)
	}
	m, err := runtime.InstantiateWithConfig(ctx, rewritten, wazero.NewModuleConfig().WithStartFunctions())
	if err != nil {
		t.Fatal(err)
	}
	p.guest = &guest{
		module: m, gas: m.ExportedGlobal(GasGlobal).(api.MutableGlobal), stack: m.ExportedGlobal(StackGlobal).(api.MutableGlobal),
	}
	return p
}

// spend is call with a budget that is given by slices.
func (p *purse) spend(budget int64, name string, operands ...uint64) outcome {
	first := min(slice, budget)
	p.left, p.asked = budget-first, 0
	o := p.call(first, name, operands...)
	o.gas += budget - first - p.left
	return o
}

// TestRefilledIsTheSame runs random programs whose gas comes at once and by slices: they give the same for the same gas,
// and end at the same budget.
func TestRefilledIsTheSame(t *testing.T) {
	programs := 400
	if testing.Short() {
		programs = 50
	}
	asked, ended := 0, 0
	for seed := range uint64(programs) {
		plain, _ := randomModule(seed)
		engine := "interpreter"
		if seed%4 == 0 {
			engine = "compiler"
		}
		once, refilled := start(t, engines[engine], metered(t, plain)), startRefilled(t, engines[engine], plain)
		for n := range uint64(3) {
			want := once.run(plenty, n)
			got := refilled.spend(plenty, gate.ExportRun, 1024, n, n, 0, 1024)
			if got != want || want.failed {
				t.Fatalf("program %d for %d: by slices %+v, at once %+v", seed, n, got, want)
			}
			if !bytes.Equal(once.memory(t), refilled.memory(t)) {
				t.Fatalf("program %d for %d: memories differ", seed, n)
			}
			asked += refilled.asked
		}
	}
	for seed := range uint64(programs / 4) { // what has run out of gas is good for nothing more
		plain, _ := randomModule(seed)
		whole := start(t, engines["interpreter"], metered(t, plain)).run(plenty, 2).gas
		for _, budget := range []int64{whole, whole - 1, whole / 2} {
			want := start(t, engines["interpreter"], metered(t, plain)).run(budget, 2)
			got := startRefilled(t, engines["interpreter"], plain).spend(budget, gate.ExportRun, 1024, 2, 2, 0, 1024)
			if got != want {
				t.Fatalf("program %d with %d gas of %d: by slices %+v, at once %+v", seed, budget, whole, got, want)
			}
			if want.failed {
				ended++
			}
		}
	}
	if asked < programs || ended < programs/4 {
		t.Errorf("the host was asked %d times, and %d calls ended: too few to mean anything", asked, ended)
	}
}

// TestRefilledGuests runs guests of two compilers, with imports, tables and elements, by slices and at once.
func TestRefilledGuests(t *testing.T) {
	guests := map[string][]byte{"C": file(t, "indicator.wasm"), "C with vectors": file(t, "indicator-vector.wasm")}
	if !testing.Short() {
		guests["Go"] = goGuest(t)
	}
	for name, original := range guests {
		t.Run(name, func(t *testing.T) {
			config := wazero.NewRuntimeConfigCompiler().WithMemoryLimitPages(gate.Large.MaxPages())
			once, refilled := start(t, config, metered(t, original)), startRefilled(t, config, original)
			same := func(name string, operands ...uint64) outcome {
				t.Helper()
				want, got := once.call(plenty, name, operands...), refilled.spend(plenty, name, operands...)
				if want.failed || got != want {
					t.Fatalf("%s: by slices %+v, at once %+v", name, got, want)
				}
				if !bytes.Equal(once.memory(t), refilled.memory(t)) {
					t.Fatalf("%s: memories differ", name)
				}
				return got
			}
			if once.module.ExportedFunction(gate.ExportInitialize) != nil {
				same(gate.ExportInitialize)
			}
			same(gate.ExportABI)
			same(gate.ExportDescribe)
			const n = 200
			in := same(gate.ExportAlloc, 8*(n+1+3*n)).result
			for _, g := range []*guest{once, refilled.guest} {
				m := g.module.ExportedMemory(gate.ExportMemory)
				for bar := range uint32(n) {
					m.WriteFloat64Le(uint32(in)+8*bar, float64(100+bar%7))
				}
				m.WriteFloat64Le(uint32(in)+8*n, 14)
			}
			if got := same(gate.ExportRun, in, n, n, in+8*n, in+8*(n+1)); refilled.asked == 0 || got.gas < n {
				t.Errorf("%d gas, and the host was asked %d times", got.gas, refilled.asked)
			}
		})
	}
}

// TestRefillIsTheHosts: a module cannot call the function that the meter imports, and is not valid because there is one
// more.
func TestRefillIsTheHosts(t *testing.T) {
	functions := len(wasmtest.Good().Funcs)
	for name, body := range map[string][]byte{"the one behind its last": call(functions), "far behind": call(1 << 20)} {
		if out, err := RewriteRefilled(wasmtest.GoodRun(code(body, zero)).Bytes()); err == nil {
			t.Errorf("a call of %s gives %d bytes", name, len(out))
		}
	}
	// The import has the number that its own first function had.
	own := wasmtest.GoodRun(code(call(wasmtest.ABIFunction), drop, zero))
	p := startRefilled(t, engines["compiler"], own.Bytes())
	if got := p.spend(plenty, gate.ExportRun, 0, 0, 0, 0, 0); got.failed || p.asked != 0 {
		t.Errorf("a call of its own function: %+v, and the host was asked %d times", got, p.asked)
	}
}
