package meter_test

import (
	"fmt"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/gate"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	. "github.com/gravitywavesml/gravity_techanalysis/host/wasm/meter"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

const plenty = 1 << 40

// TestGas works out by hand what small bodies of ta_run cost for n, which is local 1.
func TestGas(t *testing.T) {
	n, mark := get(1), code(zero, drop) // a mark costs 2
	countDown := code(n, constant(1), bytecode.I32Sub, bytecode.LocalTee, 1)
	for name, c := range map[string]struct {
		body   []byte
		change func(m *module)
		want   map[uint64]int64 // by n
	}{
		"a constant":                  {zero, nil, map[uint64]int64{0: 1}},
		"structure is free":           {code(bytecode.Nop, bytecode.Block, 0x40, end, zero), nil, map[uint64]int64{0: 1}},
		"an if not taken":             {code(n, bytecode.If, 0x40, mark, end, zero), nil, map[uint64]int64{0: 2 + 1, 1: 2 + 2 + 1}},
		"an if or an else":            {code(n, bytecode.If, 0x40, mark, mark, bytecode.Else, mark, end, zero), nil, map[uint64]int64{0: 2 + 2 + 1, 1: 2 + 4 + 1}},
		"each turn of a loop":         {code(bytecode.Loop, 0x40, countDown, bytecode.BrIf, 0, end, zero), nil, map[uint64]int64{1: 5 + 1, 2: 10 + 1, 1000: 5000 + 1}},
		"a loop that only begins":     {code(bytecode.Loop, 0x40, mark, end, mark, zero), nil, map[uint64]int64{0: 2 + 2 + 1}},
		"a branch out of a block":     {code(bytecode.Block, 0x40, n, bytecode.BrIf, 0, mark, end, zero), nil, map[uint64]int64{0: 2 + 2 + 1, 1: 2 + 1}},
		"a block that nothing leaves": {code(bytecode.Block, 0x40, mark, end, mark, zero), nil, map[uint64]int64{0: 5}},
		"a loop left from within": {
			code(bytecode.Block, 0x40, bytecode.Loop, 0x40, n, eqz, bytecode.BrIf, 1, countDown, drop, branch(0), end, end, mark, zero), nil,
			map[uint64]int64{0: 3 + 2 + 1, 1: 3 + 6 + 3 + 2 + 1, 7: 7*9 + 3 + 2 + 1},
		},
		"loops in loops": {
			code(set2(0, n), bytecode.Loop, 0x40, set2(1, constant(3)), bytecode.Loop, 0x40, countDown, bytecode.BrIf, 0, end,
				get(0), constant(1), bytecode.I32Sub, bytecode.LocalTee, 0, bytecode.BrIf, 0, end, zero), nil,
			map[uint64]int64{1: 2 + 2 + 15 + 5 + 1, 10: 2 + 10*(2+15+5) + 1},
		},
		"a br_table": {
			code(bytecode.Block, 0x40, bytecode.Block, 0x40, n, bytecode.BrTable, 1, 0, 1, end, mark, end, zero), nil,
			map[uint64]int64{0: 1 + 4 + 2 + 1, 1: 1 + 4 + 1, 9: 1 + 4 + 1},
		},
		"an early return":     {code(n, bytecode.If, 0x40, zero, bytecode.Return, end, mark, zero), nil, map[uint64]int64{0: 2 + 2 + 1, 1: 2 + 2}},
		"behind a return":     {code(zero, bytecode.Return, mark, mark, zero), nil, map[uint64]int64{0: 2}},
		"behind a branch":     {code(bytecode.Block, 0x40, branch(0), mark, bytecode.Loop, 0x40, end, mark, end, zero), nil, map[uint64]int64{0: 1 + 1}},
		"a branch out of all": {code(zero, n, bytecode.BrIf, 0, mark), nil, map[uint64]int64{0: 3 + 2, 1: 3}},
		"slow ones": {code(n, constant(3), bytecode.Opcode(0x6d), drop, bytecode.F64Const, make([]byte, 8), bytecode.Opcode(0x9f), drop, zero), nil,
			map[uint64]int64{1: 2 + 8 + 1 + 1 + 8 + 1 + 1}},
		"a slow vector": {code(bytecode.V128Const, make([]byte, 16), bytecode.Opcode(0xfdef), drop, zero), nil, map[uint64]int64{0: 1 + 16 + 1 + 1}},
		"a fill, by its bytes": {code(zero, zero, n, bytecode.MemoryFill, 0, zero), nil,
			map[uint64]int64{0: 3 + 16 + 1, 63: 20, 64: 21, 65536: 20 + 1024}},
		"a copy, by its bytes": {code(zero, zero, n, bytecode.MemoryCopy, 0, 0, zero), nil, map[uint64]int64{0: 20, 6400: 120}},
		"an init, by its bytes": {code(zero, zero, n, bytecode.MemoryInit, 0, 0, zero), func(m *module) {
			m.DataLen, m.Data = []byte{1}, [][]byte{code(1, u(640), make([]byte, 640))}
		}, map[uint64]int64{0: 20, 640: 30}},
		"growing, by its pages": {code(n, bytecode.MemoryGrow, 0, drop, zero), nil,
			map[uint64]int64{0: 1 + 256 + 2, 1: 259 + 1024, 255: 259 + 255*1024, 70000: 259 + 70000*1024}},
		"a call": {call(wasmtest.ABIFunction), nil, map[uint64]int64{0: 4 + 1}},
		"a call through the table": {code(zero, bytecode.CallIndirect, wasmtest.TypeABI, 0), func(m *module) {
			m.Table = code(1, bytecode.FuncRef, 0, 1)
			m.Elements = [][]byte{code(0, zero, end, 1, wasmtest.ABIFunction)}
		}, map[uint64]int64{0: 1 + 8 + 1}},
		"a call of the host": {call(0), func(m *module) {
			m.Imports = []wasmtest.Import{{Module: gate.WASIModule, Name: "sched_yield", Type: wasmtest.TypeABI}}
			for i := range m.Exports[1:] {
				m.Exports[1+i].Index++
			}
		}, map[uint64]int64{0: 4 + ImportGas}},
	} {
		m := wasmtest.GoodRun(c.body)
		if c.change != nil {
			c.change(m)
		}
		rewritten := metered(t, m.Bytes())
		for engine, config := range engines {
			g := start(t, config, rewritten)
			for n, want := range c.want {
				t.Run(fmt.Sprint(name, "/", engine, "/", n), func(t *testing.T) {
					if got := g.run(plenty, n); got.gas != want || got.failed {
						t.Errorf("got %+v, want %d", got, want)
					}
					if left := int32(g.stack.Get()); left != DefaultStack {
						t.Errorf("%d bytes of stack left after the call, of %d", left, DefaultStack)
					}
				})
			}
		}
	}
}

// set2 sets a local to what the code gives.
func set2(local uint64, value []byte) []byte { return code(value, set(local)) }

// TestGasIsEnoughOrNot gives a call the gas that it needs, and one less.
func TestGasIsEnoughOrNot(t *testing.T) {
	loop := wasmtest.GoodRun(code(bytecode.Loop, 0x40, get(1), constant(1), bytecode.I32Sub, bytecode.LocalTee, 1, bytecode.BrIf, 0, end, zero)).Bytes()
	g := start(t, engines["compiler"], metered(t, loop))
	const need = 5*100 + 1
	if got := g.run(need, 100); got.failed || got.gas != need {
		t.Errorf("with as much as it needs: %+v", got)
	}
	if got := g.run(need-1, 100); !got.failed || got.cause != OutOfGas || got.gas != need {
		t.Errorf("with one less: %+v", got)
	}
}

func TestNewInstanceHasNoGas(t *testing.T) {
	g := start(t, engines["compiler"], metered(t, wasmtest.Good().Bytes()))
	if _, err := g.module.ExportedFunction(gate.ExportABI).Call(t.Context()); err == nil || CauseOf(g.gas.Get(), g.stack.Get()) != OutOfGas {
		t.Errorf("a call before gas was given: %v", err)
	}
}

// TestMutableGlobalsAreExported finds each under its name and can put it back.
func TestMutableGlobalsAreExported(t *testing.T) {
	m := wasmtest.GoodRun(code(get(1), bytecode.GlobalSet, 2, zero))
	m.Globals = []wasmtest.Global{
		{Type: bytecode.I64, Mutable: true, Init: code(bytecode.I64Const, 7)},
		{Type: bytecode.I32, Init: constant(8)},
		{Type: bytecode.I32, Mutable: true, Init: constant(9)},
	}
	g := start(t, engines["compiler"], metered(t, m.Bytes()))
	if got := g.run(plenty, 42); got.failed {
		t.Fatalf("%+v", got)
	}
	for i, want := range []uint64{7, 42} {
		if got := g.module.ExportedGlobal(GlobalName(i)).Get(); got != want {
			t.Errorf("%s is %d, want %d", GlobalName(i), got, want)
		}
	}
	if g.module.ExportedGlobal(GlobalName(2)) != nil {
		t.Error("a third global")
	}
}

// TestStackIsGivenBack leaves a function that calls in each way there is, with no, one and two results.
func TestStackIsGivenBack(t *testing.T) {
	work := call(wasmtest.ABIFunction)
	for results, values := range map[string][]byte{"": nil, "\x7f": constant(1), "\x7f\x7f": code(constant(1), constant(2))} {
		for name, exit := range map[string][]byte{
			"end":              values,
			"return":           code(values, bytecode.Return),
			"return in a loop": code(bytecode.Loop, 0x40, values, bytecode.Return, end, bytecode.Unreachable),
			"br":               code(values, branch(0)),
			"br from a block":  code(bytecode.Block, 0x40, bytecode.Block, 0x40, values, branch(2), end, end, bytecode.Unreachable),
			"br_if":            code(values, constant(1), bytecode.BrIf, 0),
			"br_table":         code(bytecode.Block, 0x40, values, zero, bytecode.BrTable, 1, 1, 1, end, bytecode.Unreachable),
			"return in an if":  code(constant(1), bytecode.If, 0x40, values, bytecode.Return, end, values),
			"br from an else":  code(zero, bytecode.If, 0x40, bytecode.Else, values, branch(1), end, values),
			"behind a return":  code(values, bytecode.Return, work, drop, values, bytecode.Return),
		} {
			m := wasmtest.Good()
			m.Types = append(m.Types, wasmtest.Type{Results: "\x7e\x7e"}, wasmtest.Type{Results: results})
			f := m.Add(wasmtest.Func{Type: 6, Code: code(work, drop, exit)})
			m.Funcs[wasmtest.RunFunction].Code = code(call(f), repeat(len(results), code(drop)), constant(5))
			for engine, config := range engines {
				g := start(t, config, metered(t, m.Bytes()))
				if got := g.run(plenty, 0); got.failed || got.result != 5 {
					t.Errorf("%s with %d results, %s: %+v", name, len(results), engine, got)
				}
				if left := int32(g.stack.Get()); left != DefaultStack {
					t.Errorf("%s with %d results, %s: %d bytes of stack left, of %d", name, len(results), engine, left, DefaultStack)
				}
			}
		}
	}
}
