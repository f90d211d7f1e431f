package hostile

import (
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Worst are modules within the gate's limits that give the compiler as much to
// do as their writer could think of, most of the Small tier, and those that a
// search has found.
func Worst() map[string][]byte {
	const room = 16<<10 - 64
	upTo := func(c []byte) []byte { return repeat(room/len(c), c) } // as often as a body has room for
	get := func(i int) []byte { return wt.Get(byte(i)) }
	set := func(i int) []byte { return wt.Set(byte(i)) }
	load := code(zero, bytecode.I32Load, 2, 0)
	fill := code(zero, zero, get(0), bytecode.MemoryFill, 0)
	var sets, loops, ifs []byte
	for i := range 60 {
		sets = append(sets, code(load, set(i))...)
	}
	for i := range 8 {
		loops = append(loops, code(bytecode.Loop, 0x40, get(i), wt.Int(1), bytecode.I32Add, set(i))...)
	}
	for i := range 8 {
		loops = append(loops, code(get(i), bytecode.BrIf, 0, end)...)
	}
	for i := range 64 {
		ifs = append(ifs, code(get(i), bytecode.If, 0x40, wt.Int(int32(i)), set((i+1)%64), bytecode.Else, wt.Int(7), set((i+2)%64), end)...)
	}
	table := code(zero, bytecode.If, 0x40, zero, bytecode.BrTable, wt.U(119), incremental(120), end)
	most := wt.Locals{Count: 63, Type: bytecode.I32}
	worst := map[string][]byte{
		"branches":      filled(1, i32, repeat(2890, code(zero, bytecode.BrIf, 0))),
		"branchesFew":   filled(128, i32, repeat(255, code(zero, bytecode.BrIf, 0))),
		"branchesOf64":  filled(128, i32, repeat(255, code(get(3), bytecode.BrIf, 0)), most),
		"fills":         filled(127, i32, repeat(128, fill)),
		"fillsInLoops":  filled(106, i32, code(repeat(8, code(bytecode.Loop, 0x40)), repeat(128, fill), repeat(8, code(get(1), bytecode.BrIf, 0, end))), most),
		"calls":         filled(1990, i32, upTo(code(bytecode.Call, 0, drop))),
		"callsKept":     filled(1990, i32, code(repeat(4000, code(bytecode.Call, 0)), repeat(4000, code(drop)))),
		"callsIndirect": filled(2, i32, repeat(2048, code(zero, bytecode.CallIndirect, 0, 0, drop))),
		"loadsStores":   filled(1990, i32, upTo(code(zero, load, bytecode.I32Store, 2, 0))),
		"loadsKept":     filled(1990, i32, code(repeat(2700, load), repeat(2700, code(drop)))),
		"loops":         filled(64, i32, code(repeat(15, loops), sets), most),
		"ifs":           filled(55, i32, code(repeat(2, ifs)), most),
		"ifsOfOne":      filled(1, i32, repeat(1440, code(get(0), bytecode.If, 0x40, zero, set(0), end))),
		"joined":        filled(34, "", Joined(4), wt.Locals{Count: 59, Type: bytecode.I32}),
		"tables":        filled(17, i32, code(repeat(120, code(bytecode.Block, 0x40)), repeat(2, table), repeat(120, code(end)))),
		"adds":          filled(1990, i32, code(get(0), upTo(code(get(0), bytecode.I32Add)), drop)),
		"vectors":       filled(1990, "\x7b", code(get(0), upTo(code(get(0), 0xfd, 0x6e)), drop)),
		"selects":       filled(1990, i32, code(get(0), upTo(code(get(0), get(0), bytecode.Select)), drop)),
		"empty":         filled(1990, i32, nil),
	}
	for name, r := range found {
		worst[name] = r.Bytes()
	}
	return worst
}

// found are what the search came to: branches, each with as much beside it as
// there are bytes for.
var found = map[string]Recipe{
	"found":      {Functions: 2000, Locals: 27, Type: 1, Ifs: 30, Joined: true, Used: true, Pieces: [3]Piece{{1, 480}, {15, 30}, {10, 900}}},
	"foundLarge": {Large: true, Functions: 8000, Locals: 60, Joined: true, Used: true, Pieces: [3]Piece{{1, 700}, {10, 3200}}},
	"fewLarge":   {Large: true, Functions: 2, Pieces: [3]Piece{{1, 4090}}},
}

// filled is a module of at most 250 KiB with at most so many functions of this
// body.
func filled(functions int, params string, body []byte, l ...wt.Locals) []byte {
	m := wt.Good()
	m.Types = append(m.Types, wt.Type{Params: params})
	m.Table = code(1, bytecode.FuncRef, 0, 1)
	m.Memory = code(1, 0, wt.U(256))
	for range min(functions, 250<<10/(len(body)+8)) {
		m.Add(wt.Func{Type: 5, Code: body, Locals: l})
	}
	return m.Bytes()
}
