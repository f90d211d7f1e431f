package meter_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
)

// TestRealGuestsComputeTheSame runs guests of two compilers metered and not, and compares the whole memory after.
func TestRealGuestsComputeTheSame(t *testing.T) {
	guests := map[string][]byte{"C": file(t, "indicator.wasm"), "C with vectors": file(t, "indicator-vector.wasm")}
	if !testing.Short() {
		guests["Go"] = goGuest(t)
	}
	for name, original := range guests {
		t.Run(name, func(t *testing.T) {
			config := wazero.NewRuntimeConfigCompiler().WithMemoryLimitPages(gate.Large.MaxPages())
			plain, counted := start(t, config, original), start(t, config, metered(t, original))
			same := func(name string, operands ...uint64) outcome {
				t.Helper()
				want, got := plain.call(0, name, operands...), counted.call(plenty, name, operands...)
				if want.failed || got.failed || want.result != got.result {
					t.Fatalf("%s: %+v, and unmetered %+v", name, got, want)
				}
				if !bytes.Equal(plain.memory(t), counted.memory(t)) {
					t.Fatalf("%s: memories differ", name)
				}
				return got
			}
			if plain.module.ExportedFunction(gate.ExportInitialize) != nil {
				same(gate.ExportInitialize)
			}
			same(gate.ExportABI)
			same(gate.ExportDescribe)
			const n = 1000
			in := same(gate.ExportAlloc, 8*(n+1+3*n)).result
			params, out := in+8*n, in+8*(n+1)
			for _, g := range []*guest{plain, counted} {
				m, price := g.module.ExportedMemory(gate.ExportMemory), 100.0
				r := rand.New(rand.NewPCG(1, 2))
				for i := range uint32(n) {
					price *= 1 + 0.01*r.NormFloat64()
					m.WriteFloat64Le(uint32(in)+8*i, price)
				}
				m.WriteFloat64Le(uint32(params), 14)
			}
			got := same(gate.ExportRun, in, n, n, params, out)
			if last := math.Float64frombits(binary.LittleEndian.Uint64(counted.memory(t)[out+8*(n-1):])); !(last > 0) {
				t.Errorf("the last value is %v: nothing was computed", last)
			}
			t.Logf("%d bytes, %.1f gas for a bar", len(original), float64(got.gas)/n)
		})
	}
}

// goGuest builds testdata/goguest.
func goGuest(t testing.TB) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "guest.wasm")
	build := exec.Command("go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", out, ".")
	build.Dir = "testdata/goguest"
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "GOEXPERIMENT=", "GOWORK=off", "GOFLAGS=")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGasIsWhatInstructionsCostOneByOne writes random programs twice: as they are, and with a counter of their own
// that is raised before each instruction by what it costs. The meter, which charges whole blocks, must come to the
// same sum, and change nothing of what the program computes.
func TestGasIsWhatInstructionsCostOneByOne(t *testing.T) {
	programs := 400
	if testing.Short() {
		programs = 50
	}
	sizes, ran := 0, int64(0)
	for seed := range uint64(programs) {
		plainCode, countedCode := randomModule(seed)
		sizes += len(plainCode)
		plain := start(t, engines["interpreter"], plainCode)
		counted := start(t, engines["interpreter"], countedCode)
		engine := "interpreter"
		if seed%4 == 0 {
			engine = "compiler"
		}
		rewritten := start(t, engines[engine], metered(t, plainCode))
		for n := range uint64(3) {
			count := counted.module.ExportedGlobal("count").(api.MutableGlobal)
			count.Set(0)
			want, sum, got := plain.run(0, n), counted.run(0, n), rewritten.run(plenty, n)
			if want.failed || sum.failed || got.failed || want.result != sum.result || want.result != got.result {
				t.Fatalf("program %d for %d: plain %+v, counted %+v, metered %+v", seed, n, want, sum, got)
			}
			if !bytes.Equal(plain.memory(t), rewritten.memory(t)) {
				t.Fatalf("program %d for %d: memories differ", seed, n)
			}
			if got.gas != int64(count.Get()) {
				t.Fatalf("program %d for %d: %d gas, and %d counted", seed, n, got.gas, count.Get())
			}
			ran += got.gas
		}
	}
	t.Logf("%d programs of %d bytes and 3 runs of %d gas on average", programs, sizes/programs, ran/int64(3*programs))
}
