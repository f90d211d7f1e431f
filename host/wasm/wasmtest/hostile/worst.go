package hostile

import (
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Worst are modules of the Small tier within the gate's limits that give the
// compiler as much to do as their writer could think of.
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
	return map[string][]byte{
		"branches":      filled(5, i32, upTo(code(zero, bytecode.BrIf, 0))),
		"branchesFew":   filled(240, i32, repeat(255, code(zero, bytecode.BrIf, 0))),
		"branchesOf64":  filled(240, i32, repeat(255, code(get(3), bytecode.BrIf, 0)), most),
		"fills":         filled(2000, i32, repeat(128, fill)),
		"fillsInLoops":  filled(2000, i32, code(repeat(8, code(bytecode.Loop, 0x40)), repeat(128, fill), repeat(8, code(get(1), bytecode.BrIf, 0, end))), most),
		"calls":         filled(2000, i32, upTo(code(bytecode.Call, 0, drop))),
		"callsKept":     filled(2000, i32, code(repeat(4000, code(bytecode.Call, 0)), repeat(4000, code(drop)))),
		"callsIndirect": filled(2000, i32, upTo(code(zero, bytecode.CallIndirect, 0, 0, drop))),
		"loadsStores":   filled(2000, i32, upTo(code(zero, load, bytecode.I32Store, 2, 0))),
		"loadsKept":     filled(2000, i32, code(repeat(3000, load), repeat(3000, code(drop)))),
		"loops":         filled(2000, i32, code(repeat(15, loops), sets), most),
		"ifs":           filled(110, i32, code(repeat(2, ifs)), most),
		"ifsOfOne":      filled(5, i32, upTo(code(get(0), bytecode.If, 0x40, zero, set(0), end))),
		"joined":        filled(34, "", Joined(4), wt.Locals{Count: 59, Type: bytecode.I32}),
		"tables":        filled(20, i32, code(repeat(120, code(bytecode.Block, 0x40)), repeat(2, table), repeat(120, code(end)))),
		"adds":          filled(2000, i32, code(get(0), upTo(code(get(0), bytecode.I32Add)), drop)),
		"vectors":       filled(2000, "\x7b", code(get(0), upTo(code(get(0), 0xfd, 0x6e)), drop)),
		"selects":       filled(2000, i32, code(get(0), upTo(code(get(0), get(0), bytecode.Select)), drop)),
		"empty":         filled(2000, i32, nil),
	}
}

// filled is a module of at most 250 KiB, and at most so many functions, which
// all have this body.
func filled(functions int, params string, body []byte, l ...wt.Locals) []byte {
	m := wt.Good()
	m.Types = append(m.Types, wt.Type{Params: params})
	m.Table = code(1, bytecode.FuncRef, 0, 1)
	m.Memory = code(1, 0, wt.U(256))
	for size := 0; size < 250<<10 && len(m.Funcs) < functions; size += len(body) + 8 {
		m.Add(wt.Func{Type: 5, Code: body, Locals: l})
	}
	return m.Bytes()
}
