package gate_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/tetratelabs/wazero"

	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// FuzzGate gives the gate modules whose bytes were changed. What it lets through the meter must rewrite, and wazero must
// refuse the rewritten module if and only if it refuses the original: nothing invalid becomes valid, and nothing valid is
// broken.
func FuzzGate(f *testing.F) {
	for _, seed := range seeds(f) {
		f.Add(seed)
	}
	for _, m := range hostile.All() {
		if len(m.Bytes) < 16<<10 {
			f.Add(m.Bytes)
		}
	}
	f.Fuzz(func(t *testing.T, original []byte) {
		if info, err := bounded(t, original); err == nil {
			staysAsValid(t, info.Tier, original)
		}
	})
}

// FuzzGateShapes gives it modules whose shape was changed: how many functions, locals, blocks within one another and
// instructions they have, and which. They are all valid, and must stay so.
func FuzzGateShapes(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 64 {
		f.Add(false, hostile.RandomRecipe(r))
		f.Add(true, hostile.RandomWeave(r))
	}
	f.Fuzz(func(t *testing.T, woven bool, b []byte) {
		module := hostile.Weave(b).Copies(1)
		if !woven {
			r := hostile.FromBytes(b)
			r.Functions %= 4 // the engine takes its time with more
			module = r.Bytes()
		}
		if info, err := bounded(t, module); err == nil && !staysAsValid(t, info.Tier, module) {
			t.Errorf("%x makes an invalid module", b)
		}
	})
}

// TestShapesPass: enough of the modules of any shape are let through for the fuzzers to try more than the gate.
func TestShapesPass(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const tried = 200
	recipes, weaves := 0, 0
	for range tried {
		if _, err := Check(hostile.FromBytes(hostile.RandomRecipe(r)).Copies(1)); err == nil {
			recipes++
		}
		if _, err := Check(hostile.Weave(hostile.RandomWeave(r)).Copies(1)); err == nil {
			weaves++
		}
	}
	if recipes < tried/8 || weaves < tried*3/4 {
		t.Errorf("of %d each, %d recipes and %d weaves pass", tried, recipes, weaves)
	}
}

// bounded is Check, which must not panic, nor take more than a step for each byte, nor allocate more than 4 times the
// module and 1 MiB.
func bounded(t *testing.T, module []byte) (Info, error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	info, err := Check(module)
	runtime.ReadMemStats(&after)
	// The engine of the fuzzer allocates beside the test: the 1 MiB has room for it.
	if got, most := after.TotalAlloc-before.TotalAlloc, uint64(4*len(module)+1<<20); got > most {
		t.Fatalf("%d bytes allocated for a module of %d", got, len(module))
	}
	if got := Steps(module); got > len(module) {
		t.Fatalf("%d steps for a module of %d bytes", got, len(module))
	}
	if err != nil {
		var r *Rejection
		if !errors.As(err, &r) || r.Rule == "" || r.Offset < 0 || r.Offset > len(module) {
			t.Fatalf("a rejection that says too little: %#v", err)
		}
	}
	return info, err
}

// TestChangedBytesStayAsValidAsTheyWere changes a few bytes of good modules at a time, in their place so that lengths
// stay right: many such modules pass the gate with operands that are wrong.
func TestChangedBytesStayAsValidAsTheyWere(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	passed, valid := 0, 0
	for _, original := range seeds(t) {
		from := len(bytecode.Header)
		for range 4000 {
			changed := bytes.Clone(original)
			for range 1 + r.IntN(3) {
				changed[from+r.IntN(len(changed)-from)] = byte(r.IntN(256)) >> r.IntN(4)
			}
			if info, err := Check(changed); err == nil {
				passed++
				if staysAsValid(t, info.Tier, changed) {
					valid++
				}
			}
		}
	}
	if valid < 1000 || passed-valid < 500 {
		t.Errorf("%d passed the gate and %d of them were valid: that tries nothing", passed, valid)
	}
}

// staysAsValid rewrites a module that passed the gate, in both forms, and says whether it was valid and is.
func staysAsValid(t *testing.T, tier Tier, original []byte) bool {
	t.Helper()
	// The engine takes a custom section that is empty for the end of the file, where it is the last; so another follows.
	was := validate(tier, append(slices.Clip(original), bytecode.SectionCustom, 3, 1, 'x', 0))
	for form, rewrite := range map[string]func([]byte) ([]byte, error){"once": meter.Rewrite, "slices": meter.RewriteRefilled} {
		rewritten, err := rewrite(original)
		if err != nil {
			t.Fatalf("the gate let it through and the meter did not, for %s: %v\n%x", form, err, original)
		}
		if is := validate(tier, rewritten); (was == nil) != (is == nil) {
			t.Fatalf("the original: %v\nrewritten for %s: %v\n%x", was, form, is, original)
		}
	}
	return was == nil
}

// validate compiles for the interpreter, which validates as the compiler does and is done sooner.
func validate(tier Tier, module []byte) error {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter().WithMemoryLimitPages(tier.MaxPages()))
	defer r.Close(ctx)
	_, err := r.CompileModule(ctx, module)
	return err
}

// seeds are modules that the gate lets through, which have all that it looks at.
func seeds(t testing.TB) (all [][]byte) {
	t.Helper()
	files, err := filepath.Glob("../meter/testdata/*.wasm")
	if err != nil || len(files) == 0 {
		t.Fatal("no guests to begin with", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	all = append(all, everySection(), append(everySection(), bytecode.SectionCustom, 1, 0))
	all = append(all, run(code(zero, bytecode.If, 0x40, bytecode.Loop, 0x40, zero, bytecode.BrTable, 1, 0, 1, end, bytecode.Else, zero, bytecode.Return, end)))
	all = append(all, run(code(zero, bytecode.MemoryGrow, 0, 0x1a, zero, zero, zero, bytecode.MemoryCopy, 0, 0), locals(2, v128)))
	all = append(all, with(func(m *module) {
		m.Types = append(m.Types, wasmtest.Type{Results: "\x7f\x7f"})
		two := m.Add(wasmtest.Func{Type: 5, Code: code(bytecode.Call, 0, zero, bytecode.Return)})
		m.Funcs[wasmtest.RunFunction].Code = code(bytecode.Call, two, 0x1a)
		m.Table = code(1, bytecode.FuncRef, 0, 1)
		m.Elements = [][]byte{code(0, zero, end, 1, 4)}
		m.Globals = []wasmtest.Global{{Type: i64, Mutable: true, Init: code(bytecode.I64Const, 1)}, {Type: i32, Init: zero}}
		m.Data = [][]byte{code(0, zero, end, 3, 1, 2, 3)}
	}))
	return all
}
