package meter_test

import (
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest/hostile"
)

// causes are what a module of hostile.Runs ends by.
var causes = map[string]Cause{"out-of-gas": OutOfGas, "depth-exceeded": TooDeep, "trap": Own}

// TestHostileCallsEnd runs each in both engines, twice, with the same end. Recursions are run by the compiler alone: the
// interpreter has a limit of 2,000 calls that comes before the meter's for the smallest frames.
func TestHostileCallsEnd(t *testing.T) {
	const budget = 2_000_000
	for _, m := range hostile.Runs() {
		t.Run(m.Name, func(t *testing.T) {
			rewritten, want := metered(t, m.Bytes), causes[m.What]
			var first *outcome
			for engine, config := range engines {
				if engine == "interpreter" && want == TooDeep {
					continue
				}
				for range 2 {
					g := start(t, config, rewritten)
					got := g.run(budget, 7)
					if !got.failed || got.cause != want {
						t.Fatalf("%s: %+v, want the cause %v", engine, got, want)
					}
					if first == nil {
						first = &got
					} else if got != *first {
						t.Errorf("%s: %+v, and before %+v", engine, got, *first)
					}
					if pages := len(g.memory(t)) >> 16; pages > int(gate.Small.MaxPages()) {
						t.Errorf("%s: %d pages", engine, pages)
					}
				}
			}
		})
	}
}

// TestFramesAreNotUnderestimated gives recursions as much stack as the engine may have by its own limit of 50 MB, less
// a tenth: the meter must stop them all before the engine does, in both forms, whose frames differ.
func TestFramesAreNotUnderestimated(t *testing.T) {
	for _, m := range hostile.Runs() {
		if causes[m.What] != TooDeep {
			continue
		}
		for form, g := range map[string]*guest{
			"once":   start(t, engines["compiler"], metered(t, m.Bytes)),
			"slices": startRefilled(t, engines["compiler"], m.Bytes).guest,
		} {
			t.Run(m.Name+"/"+form, func(t *testing.T) {
				g.gas.Set(plenty)
				g.stack.Set(45 << 20)
				_, err := g.module.ExportedFunction(gate.ExportRun).Call(t.Context(), 0, 0, 0, 0, 0)
				if cause := CauseOf(g.gas.Get(), g.stack.Get()); err == nil || cause != TooDeep {
					t.Errorf("cause %v: %v", cause, err)
				}
			})
		}
	}
}

// TestRewriteRefusesTampering takes away the gate: what refers to something that the rewriting adds, or has its name, is
// refused again, by the meter or by the engine.
func TestRewriteRefusesTampering(t *testing.T) {
	for _, m := range hostile.Tampering() {
		out, err := Rewrite(m.Bytes)
		if err == nil && m.What == "index" {
			t.Errorf("%s: rewritten to %d bytes", m.Name, len(out))
		}
		if err == nil && compiles(t, out) {
			t.Errorf("%s: the engine takes what it was rewritten to", m.Name)
		}
	}
	m := wasmtest.Good()
	m.Start = u(0)
	if _, err := Rewrite(m.Bytes()); err == nil {
		t.Error("a start function: rewritten")
	}
}

// TestInvalidStaysInvalid has modules whose operands are wrong, which the gate does not see: wazero refuses them, and
// must refuse them as they are when rewritten.
func TestInvalidStaysInvalid(t *testing.T) {
	for name, body := range map[string][]byte{
		"no result":                  nil,
		"a result too many":          code(zero, zero),
		"a result of another type":   code(bytecode.I64Const, 0),
		"an operand missing":         code(zero, bytecode.I32Add),
		"fill of a float":            code(zero, zero, bytecode.F32Const, 0, 0, 0, 0, bytecode.MemoryFill, 0, zero),
		"fill of nothing":            code(bytecode.MemoryFill, 0, zero),
		"grow of an i64":             code(bytecode.I64Const, 0, bytecode.MemoryGrow, 0),
		"return of nothing":          code(call(0), drop, bytecode.Return),
		"return of an i64":           code(call(0), drop, bytecode.I64Const, 0, bytecode.Return),
		"branch without a value":     code(call(0), drop, branch(0)),
		"an operand left in a block": code(bytecode.Block, 0x40, zero, end, zero),
		"an else that differs":       code(zero, bytecode.If, 0x7f, zero, bytecode.Else, end),
		"an if without an else":      code(zero, bytecode.If, 0x7f, zero, end),
		"a local of another type":    code(bytecode.I64Const, 0, bytecode.LocalSet, 0, zero),
		"a call without operands":    code(call(wasmtest.AllocFunction)),
		"an alignment too large":     code(zero, bytecode.I32Load, 3, 0),
		"a lane too far":             code(bytecode.V128Const, make([]byte, 16), 0xfd, 0x21, 2, drop, zero),
		"tables that disagree":       code(bytecode.Block, 0x40, zero, bytecode.BrTable, 1, 0, 1, end, zero),
	} {
		original := wasmtest.GoodRun(body).Bytes()
		if compiles(t, original) {
			t.Errorf("%s: wazero takes it", name)
		}
		if compiles(t, metered(t, original)) {
			t.Errorf("%s: wazero takes it when it has been rewritten", name)
		}
	}
}

// compiles says whether wazero takes a module.
func compiles(t testing.TB, bytes []byte) bool {
	t.Helper()
	runtime := wazero.NewRuntimeWithConfig(t.Context(), engines["interpreter"])
	defer runtime.Close(t.Context())
	_, err := runtime.CompileModule(t.Context(), bytes)
	return err == nil
}
