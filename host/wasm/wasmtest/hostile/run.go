package hostile

import (
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Runs has modules whose ta_run does not come back, or traps, with any operands.
func Runs() []Module {
	const loop, calls, grow, fills = "infinite loop", "exponential calls without a loop", "memory.grow loop", "straight-line bulk fills"
	const small, big = "recursion with small frames", "recursion with big frames"
	ends := func(item, name, what string, g wt.Guest) Module {
		return Module{Item: item, Name: name, Bytes: guest(g), By: Check, What: what}
	}
	turns := func(body ...any) wt.Guest { // of a loop without an end
		return wt.Guest{Run: code(bytecode.Loop, 0x40, code(body...), bytecode.Br, 0, end, zero)}
	}
	traps := func(name, words string, body ...any) Module {
		return says(ends("", name, "trap", wt.Guest{Run: code(code(body...), zero)}), words)
	}
	wide := chain(24, repeat(128, code(zero, zero, wt.Int(16<<20), bytecode.MemoryFill, 0)))
	wide.Pages = 256
	return []Module{
		ends(loop, "a loop", "out-of-gas", turns()),
		ends(loop, "a loop by a br_if", "out-of-gas", wt.Guest{Run: code(bytecode.Loop, 0x40, wt.Int(1), bytecode.BrIf, 0, end, zero)}),
		ends(loop, "a loop by a br_table", "out-of-gas", wt.Guest{Run: code(bytecode.Loop, 0x40, zero, bytecode.BrTable, 0, 0, end, zero)}),
		ends(loop, "a loop of divisions", "out-of-gas", turns(wt.Get(wt.N), wt.Int(3), 0x6d, drop)),
		ends(loop, "a loop of calls of the host", "out-of-gas", wt.Guest{
			Run:    code(bytecode.Loop, 0x40, bytecode.Call, 0, drop, bytecode.Br, 0, end, zero),
			Change: func(m *wt.Module) { importing(m, "sched_yield", wt.Type{Results: i32}) },
		}),
		ends(calls, "2^64 calls, each of two", "out-of-gas", chain(64, nil)),
		ends(calls, "2^64 calls of nothing", "out-of-gas", chain(64, code(bytecode.Nop))),
		ends(small, "recursion", "depth-exceeded", recursion(nil)),
		ends(small, "recursion through the table", "depth-exceeded", throughTable(recursion(nil))),
		ends(big, "recursion with 60 locals", "depth-exceeded", recursion(nil, locals(60))),
		ends(big, "recursion with 1,600 values kept", "depth-exceeded", recursion(kept())),
		ends(big, "recursion with locals that many ways join", "depth-exceeded", recursion(Joined(wt.ExtraFunction), wt.Locals{Count: 59, Type: bytecode.I32})),
		ends(big, "recursion with 1,000 vectors kept", "depth-exceeded",
			recursion(code(repeat(1000, code(zero, 0xfd, 0, 4, 0)), wt.Call(wt.ExtraFunction), repeat(1000, code(drop))))),
		ends(grow, "memory.grow of a page", "out-of-gas", turns(wt.Int(1), bytecode.MemoryGrow, 0, drop)),
		ends(grow, "memory.grow of nothing", "out-of-gas", turns(zero, bytecode.MemoryGrow, 0, drop)),
		ends(grow, "memory.grow of 4 billion pages", "out-of-gas", turns(wt.Int(-1), bytecode.MemoryGrow, 0, drop)),
		ends(fills, "2^24 times 128 fills of 16 MiB", "out-of-gas", wide),
		ends(fills, "fills in a loop", "out-of-gas", turns(zero, zero, wt.Int(65_536), bytecode.MemoryFill, 0)),
		ends(fills, "copies in a loop", "out-of-gas", turns(zero, wt.Int(1), wt.Int(65_535), bytecode.MemoryCopy, 0, 0)),
		traps("unreachable", "unreachable", bytecode.Unreachable),
		traps("a division by zero", "divide by zero", wt.Int(1), zero, 0x6d, drop),
		traps("a read outside", "out of bounds", wt.Int(-8), bytecode.I32Load, 2, 0, drop),
		traps("a fill over the end", "out of bounds", wt.Int(1<<24), zero, wt.Int(1), bytecode.MemoryFill, 0),
		ends("", "a call of no function", "trap", wt.Guest{
			Run:    code(zero, bytecode.CallIndirect, wt.TypeABI, 0),
			Change: func(m *wt.Module) { m.Table = code(1, bytecode.FuncRef, 0, 1) },
		}),
	}
}

// recursion is a guest whose ta_run calls a function that calls itself behind
// its body.
func recursion(body []byte, l ...wt.Locals) wt.Guest {
	return wt.Guest{
		Run: code(wt.Call(wt.ExtraFunction), zero), Extra: code(body, wt.Call(wt.ExtraFunction)),
		Change: func(m *wt.Module) { m.Funcs[wt.ExtraFunction].Locals = l },
	}
}

// throughTable has the function call by a table.
func throughTable(g wt.Guest) wt.Guest {
	g.Extra = code(zero, bytecode.CallIndirect, wt.TypeNone, 0)
	g.Change = func(m *wt.Module) {
		m.Table = code(1, bytecode.FuncRef, 0, 1)
		m.Elements = [][]byte{code(0, zero, end, 1, wt.ExtraFunction)}
	}
	return g
}

// chain is a guest whose ta_run calls the first of n functions, each of which
// calls the next twice; the last has a body of its own.
func chain(n int, last []byte) wt.Guest {
	const first = wt.ExtraFunction + 1
	return wt.Guest{Run: code(wt.Call(first), zero), Change: func(m *wt.Module) {
		for i := range n {
			m.Add(wt.Func{Type: wt.TypeNone, Code: repeat(2, code(bytecode.Call, wt.U(uint64(first+i+1))))})
		}
		m.Add(wt.Func{Type: wt.TypeNone, Code: last})
	}}
}

// kept computes as many values as a body has room for and needs them all behind
// a call: what the engine keeps on its stack of a function is as large as can be.
func kept() []byte {
	const n = 1600
	return code(repeat(n, code(zero, bytecode.I32Load, 2, 0)), wt.Call(wt.ExtraFunction), repeat(n, code(drop)))
}

// Joined changes 59 i32 locals where two ways meet, 120 times over, and needs
// them behind a call of a function () -> ().
func Joined(function byte) []byte {
	var b []byte
	load := code(zero, bytecode.I32Load, 2, 0)
	for i := range 59 {
		b = append(b, code(load, wt.Set(byte(i)))...)
	}
	b = code(repeat(120, code(bytecode.Block, 0x40)), zero, bytecode.BrTable, wt.U(119), incremental(120), b)
	for i := range 120 {
		b = append(b, code(end, load, wt.Set(byte(i%59)))...)
	}
	b = code(b, wt.Call(function))
	for i := range 59 {
		b = append(b, code(zero, wt.Get(byte(i)), bytecode.I32Store, 2, 0)...)
	}
	return b
}

// incremental is the labels 0 to n-1.
func incremental(n int) (b []byte) {
	for i := range n {
		b = append(b, wt.U(uint64(i))...)
	}
	return b
}
