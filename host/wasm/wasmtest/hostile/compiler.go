package hostile

import (
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Compiler has modules that take the compiler far more time or memory than they
// are long.
func Compiler() []Module {
	ifs := func(n int) []byte {
		return run(code(repeat(n, code(zero, bytecode.If, 0x40)), repeat(n, code(end))))
	}
	body := func(n int) uint64 { return uint64(1 + n + 2 + 1) } // locals, instructions, a 0, an end
	fill := code(zero, zero, zero, bytecode.MemoryFill, 0)
	calls := repeat(200e3, code(bytecode.Call, wt.ABIFunction, drop))
	const phi = "loop×local phi bombs of 5 KB"
	return []Module{
		bomb(tooMany("br_table of 1M", "a br_table of a million labels", "body", body(2+2+1+3+1e6+1), 48<<10,
			run(code(bytecode.Block, 0x40, zero, bytecode.BrTable, wt.U(1e6-1), make([]byte, 1e6), end)))),
		tooMany("br_table of 1M", "a br_table of 513 labels", "labels", 513, 512, run(code(zero, bytecode.BrTable, wt.U(512), make([]byte, 513)))),
		tooMany("br_table of 1M", "9 br_tables of 512 labels", "all labels", 9*512, 4096, run(repeat(9, code(zero, bytecode.BrTable, wt.U(511), make([]byte, 512))))),
		bomb(tooMany("100k nested blocks", "100,000 nested blocks", "body", body(300e3), 48<<10, run(nested(100e3, byte(bytecode.Block), 0x40)))),
		tooMany("100k nested blocks", "129 nested blocks", "nest", 129, 128, run(nested(129, byte(bytecode.Block), 0x40))),
		bomb(tooMany("100k nested loops", "100,000 nested loops", "body", body(300e3), 48<<10, run(nested(100e3, byte(bytecode.Loop), 0x40)))),
		tooMany("100k nested loops", "9 nested loops", "loop nest", 9, 8, run(nested(9, byte(bytecode.Loop), 0x40))),
		bomb(tooMany("100k nested ifs", "100,000 nested ifs", "body", body(500e3), 48<<10, ifs(100e3))),
		tooMany("100k nested ifs", "129 nested ifs", "nest", 129, 128, ifs(129)),
		bomb(tooMany(phi, "300 loops of 300 locals", "locals", 305, 64, loopsOfLocals(300, 300))),
		tooMany(phi, "300 loops of 59 locals", "loop nest", 9, 8, loopsOfLocals(300, 59)),
		tooMany(phi, "129 blocks of 64 locals", "product", 129*64, 8192, run(repeat(129, code(bytecode.Block, 0x40, end)), locals(59))),
		tooMany("200k calls", "200,000 calls in one function", "body", body(600e3), 48<<10, run(calls)),
		tooMany("200k calls", "as many calls as a body holds and one", "body", body(3*5461), 16<<10, run(calls[:3*5461])),
		tooMany("200k calls", "500,000 calls through the table in 52 functions", "indirect", 16385, 16384, with(func(m *wt.Module) {
			m.Table = code(1, bytecode.FuncRef, 0, 1)
			for range 52 {
				m.Add(wt.Func{Type: wt.TypeNone, Code: repeat(9800, code(zero, bytecode.CallIndirect, wt.TypeNone, 0))})
			}
		})),
		bomb(tooMany("bulk-op spam that grows when metered", "20,000 fills in one function", "body", body(180e3), 16<<10, run(repeat(20e3, fill)))),
		tooMany("bulk-op spam that grows when metered", "129 fills in one function", "charges", 129, 128, run(repeat(129, fill))),
		tooMany("bulk-op spam that grows when metered", "129 memory.grow in one function", "charges", 129, 128, run(repeat(129, code(zero, bytecode.MemoryGrow, 0, drop)))),
		tooMany("", "branches without number in two functions", "work", 2800*2800+890*890, 2*2048*2048, with(func(m *wt.Module) {
			branches(m, 2800)
			branches(m, 890)
		})),
		tooMany("", "300 branches in each of 94 functions", "work", 94*300*300, 2*2048*2048, with(func(m *wt.Module) {
			for range 94 {
				branches(m, 300)
			}
		})),
		tooMany("", "a body of 16 KiB and a byte", "body", 16<<10+1, 16<<10, run(repeat(16<<10-4+1, code(bytecode.Nop)))),
	}
}

// loopsOfLocals has loops within one another, and in the innermost as many
// locals that change: each is another variable in each loop.
func loopsOfLocals(loops, n int) []byte {
	var sets []byte
	for i := range n {
		local := wt.U(uint64(5 + i)) // behind the parameters
		sets = append(sets, code(bytecode.LocalGet, local, bytecode.I64Const, 1, 0x7c, bytecode.LocalSet, local)...)
	}
	again := code(bytecode.LocalGet, wt.N, bytecode.BrIf, 0, end)
	return run(code(repeat(loops, code(bytecode.Loop, 0x40)), sets, repeat(loops, again)), locals(uint64(n)))
}

// branches adds a function with so many basic blocks.
func branches(m *wt.Module, n int) {
	m.Add(wt.Func{Type: wt.TypeNone, Code: repeat(n, code(zero, bytecode.BrIf, 0))})
}
