package meter_test

import (
	"testing"

	"github.com/tetratelabs/wazero"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// recursion is a module whose ta_run calls a function that calls itself before and after its body.
func recursion(body []byte, l ...wasmtest.Locals) *module {
	m := wasmtest.Good()
	self := len(m.Funcs)
	m.Add(wasmtest.Func{Type: wasmtest.TypeNone, Locals: l, Code: code(body, call(self))})
	m.Funcs[wasmtest.RunFunction].Code = code(call(self), zero)
	return m
}

// chain is a module whose ta_run calls the first of n functions, each of which calls the next twice; the last has a
// body of its own.
func chain(n int, last []byte) *module {
	m := wasmtest.Good()
	first := len(m.Funcs)
	for i := range n {
		m.Add(wasmtest.Func{Type: wasmtest.TypeNone, Code: repeat(2, call(first+i+1))})
	}
	m.Add(wasmtest.Func{Type: wasmtest.TypeNone, Code: last})
	m.Funcs[wasmtest.RunFunction].Code = code(call(first), zero)
	return m
}

// bigFrame computes as many values as a body has room for and needs them all behind a call: what the engine keeps on
// its stack of a function is as large as can be.
func bigFrame(self int) []byte {
	const n = 1600
	return code(
		repeat(n, code(zero, bytecode.I32Load, 2, 0)),
		call(self),
		repeat(n, code(drop)),
	)
}

// joined changes 59 locals where two ways meet, 128 times over, and needs them behind a call.
func joined(self int) []byte {
	var b []byte
	for i := range uint64(59) {
		b = append(b, code(zero, bytecode.I32Load, 2, 0, set(i))...)
	}
	b = code(repeat(120, code(bytecode.Block, 0x40)), zero, bytecode.BrTable, u(119), incremental(120), b)
	for i := range uint64(120) {
		b = append(b, code(end, zero, bytecode.I32Load, 2, 0, set(i%59))...)
	}
	b = code(b, call(self))
	for i := range uint64(59) {
		b = append(b, code(zero, get(i), bytecode.Opcode(0x36), 2, 0)...)
	}
	return b
}

// incremental is the labels 0 to n-1.
func incremental(n int) (b []byte) {
	for i := range n {
		b = append(b, u(uint64(i))...)
	}
	return b
}

// hostile has one module for each way to misbehave that is only seen when it runs.
var hostile = map[string]struct {
	module *module
	cause  Cause
}{
	"infinite loop":            {wasmtest.GoodRun(code(bytecode.Loop, 0x40, branch(0), end, zero)), OutOfGas},
	"infinite loop, br_table":  {wasmtest.GoodRun(code(bytecode.Loop, 0x40, zero, bytecode.BrTable, 0, 0, end, zero)), OutOfGas},
	"infinite loop by br_if":   {wasmtest.GoodRun(code(bytecode.Loop, 0x40, constant(1), bytecode.BrIf, 0, end, zero)), OutOfGas},
	"exponential calls":        {chain(64, nil), OutOfGas},
	"exponential empty calls":  {chain(64, code(bytecode.Nop)), OutOfGas},
	"recursion, small frames":  {recursion(nil), TooDeep},
	"recursion, 60 locals":     {recursion(nil, wasmtest.Locals{Count: 60, Type: bytecode.I64}), TooDeep},
	"recursion, big frames":    {recursion(bigFrame(4)), TooDeep},
	"recursion, joined locals": {recursion(joined(4), wasmtest.Locals{Count: 59, Type: bytecode.I32}), TooDeep},
	"recursion, vectors":       {recursion(code(repeat(1000, code(zero, 0xfd, 0, 4, 0)), call(4), repeat(1000, code(drop)))), TooDeep},
	"recursion through the table": {func() *module {
		m := recursion(nil)
		m.Table = code(1, bytecode.FuncRef, 0, 1)
		m.Elements = [][]byte{code(0, zero, end, 1, 4)}
		m.Funcs[4].Code = code(zero, bytecode.CallIndirect, wasmtest.TypeNone, 0)
		return m
	}(), TooDeep},
	"memory.grow of one page":  {wasmtest.GoodRun(code(bytecode.Loop, 0x40, constant(1), bytecode.MemoryGrow, 0, drop, branch(0), end, zero)), OutOfGas},
	"memory.grow of none":      {wasmtest.GoodRun(code(bytecode.Loop, 0x40, zero, bytecode.MemoryGrow, 0, drop, branch(0), end, zero)), OutOfGas},
	"memory.grow of 4 billion": {wasmtest.GoodRun(code(bytecode.Loop, 0x40, constant(-1), bytecode.MemoryGrow, 0, drop, branch(0), end, zero)), OutOfGas},
	"straight-line fills": {func() *module {
		m := chain(24, repeat(128, code(zero, zero, constant(16<<20), bytecode.MemoryFill, 0)))
		m.Memory = code(1, 0, u(256))
		return m
	}(), OutOfGas},
	"fills in a loop":  {wasmtest.GoodRun(code(bytecode.Loop, 0x40, zero, zero, constant(65536), bytecode.MemoryFill, 0, branch(0), end, zero)), OutOfGas},
	"copies in a loop": {wasmtest.GoodRun(code(bytecode.Loop, 0x40, zero, constant(1), constant(65535), bytecode.MemoryCopy, 0, 0, branch(0), end, zero)), OutOfGas},
	"divisions":        {wasmtest.GoodRun(code(bytecode.Loop, 0x40, get(1), constant(3), bytecode.Opcode(0x6d), drop, branch(0), end, zero)), OutOfGas},
	"calls of the host": {func() *module {
		m := wasmtest.GoodRun(code(bytecode.Loop, 0x40, call(0), drop, branch(0), end, zero))
		m.Imports = []wasmtest.Import{{Module: gate.WASIModule, Name: "sched_yield", Type: wasmtest.TypeABI}}
		for i := range m.Exports[1:] {
			m.Exports[1+i].Index++
		}
		return m
	}(), OutOfGas},
	"its own unreachable": {wasmtest.GoodRun(code(bytecode.Unreachable)), Own},
	"a division by zero":  {wasmtest.GoodRun(code(constant(1), zero, bytecode.Opcode(0x6d))), Own},
	"a load past the end": {wasmtest.GoodRun(code(constant(-1), bytecode.I32Load, 2, 0)), Own},
	"a fill past the end": {wasmtest.GoodRun(code(constant(65536), zero, constant(1), bytecode.MemoryFill, 0, zero)), Own},
	"a call of no function": {func() *module {
		m := wasmtest.GoodRun(code(zero, bytecode.CallIndirect, 0, 0))
		m.Table = code(1, 0x70, 0, 1)
		return m
	}(), Own},
}

// TestHostileCallsEnd runs each in both engines, twice, with the same end. Recursions are run by the compiler alone: the
// interpreter has a limit of 2,000 calls that comes before the meter's for the smallest frames.
func TestHostileCallsEnd(t *testing.T) {
	const budget = 2_000_000
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			rewritten := metered(t, c.module.Bytes())
			var first *outcome
			for engine, config := range engines {
				if engine == "interpreter" && c.cause == TooDeep {
					continue
				}
				for range 2 {
					g := start(t, config, rewritten)
					got := g.run(budget, 7)
					if !got.failed || got.cause != c.cause {
						t.Fatalf("%s: %+v, want the cause %v", engine, got, c.cause)
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
// a tenth: the meter must stop them all before the engine does.
func TestFramesAreNotUnderestimated(t *testing.T) {
	for name, c := range hostile {
		if c.cause != TooDeep {
			continue
		}
		t.Run(name, func(t *testing.T) {
			g := start(t, engines["compiler"], metered(t, c.module.Bytes()))
			g.gas.Set(plenty)
			g.stack.Set(45 << 20)
			_, err := g.module.ExportedFunction(gate.ExportRun).Call(t.Context(), 0, 0, 0, 0, 0)
			if cause := CauseOf(g.gas.Get(), g.stack.Get()); err == nil || cause != TooDeep {
				t.Errorf("cause %v: %v", cause, err)
			}
		})
	}
}

// TestRewriteRefusesTampering takes away the gate: what refers to something that the rewriting adds is refused again.
func TestRewriteRefusesTampering(t *testing.T) {
	for name, body := range map[string][]byte{
		"set the gas":          code(bytecode.I64Const, 0, bytecode.GlobalSet, 0, zero),
		"set the stack":        code(zero, bytecode.GlobalSet, 1, zero),
		"read the gas":         code(bytecode.GlobalGet, 0, drop, zero),
		"the gas local":        code(bytecode.I64Const, 0, bytecode.LocalSet, 5, zero),
		"the operand local":    code(zero, bytecode.LocalSet, 6, zero),
		"the added block type": code(bytecode.Block, 6, zero, zero, end, drop),
		"the wrapping label":   code(zero, branch(1)),
		"a function too many":  call(4),
		"a table type":         code(zero, bytecode.CallIndirect, 9, 0),
	} {
		m := wasmtest.GoodRun(body)
		m.Types = append(m.Types, wasmtest.Type{Results: "\x7f\x7f"})
		if out, err := Rewrite(m.Bytes()); err == nil {
			t.Errorf("%s: rewritten to %d bytes", name, len(out))
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
