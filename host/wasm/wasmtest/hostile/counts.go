package hostile

import (
	"math"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Counts has modules with too many things, and ones that only claim to have them.
func Counts() []Module {
	claims := func(section byte) []byte {
		return append([]byte(bytecode.Header), wt.Section(section, wt.U(math.MaxUint32))...)
	}
	functions := func(n int, f wt.Func) []byte {
		return with(func(m *wt.Module) {
			for range n {
				m.Add(f)
			}
		})
	}
	types := func(n int) []byte {
		return with(func(m *wt.Module) { m.Types = append(m.Types, make([]wt.Type, n)...) })
	}
	globals := func(n int) []byte {
		return with(func(m *wt.Module) {
			for range n {
				m.Globals = append(m.Globals, wt.Global{Type: bytecode.I32, Init: zero})
			}
		})
	}
	exports := func(n int) []byte {
		return with(func(m *wt.Module) {
			for range n {
				m.Exports = append(m.Exports, export("", 0, 0))
			}
		})
	}
	empty, crowded := wt.Func{Type: wt.TypeNone}, wt.Func{Type: wt.TypeNone, Locals: []wt.Locals{locals(50_000)}}
	custom := with(func(m *wt.Module) { m.Custom = append(code(0), make([]byte, 5<<20)...) })
	million := globals(1e6)
	return []Module{
		tooMany("huge counts", "4 billion types", "types", math.MaxUint32, 1024, claims(bytecode.SectionType)),
		tooMany("huge counts", "4 billion imports", "imports", math.MaxUint32, 17, claims(bytecode.SectionImport)),
		tooMany("huge counts", "4 billion functions", "functions", math.MaxUint32, 2000, claims(bytecode.SectionFunction)),
		tooMany("huge counts", "4 billion globals", "globals", math.MaxUint32, 512, claims(bytecode.SectionGlobal)),
		tooMany("huge counts", "4 billion exports", "exports", math.MaxUint32, 64, claims(bytecode.SectionExport)),
		tooMany("huge counts", "4 billion element segments", "elements", math.MaxUint32, 256, claims(bytecode.SectionElement)),
		tooMany("huge counts", "4 billion data segments", "data", math.MaxUint32, 1024, claims(bytecode.SectionData)),
		tooMany("", "5 MiB", "size", uint64(len(custom)), 4<<20, custom),
		tooMany("1M functions", "a million empty functions", "functions", 1e6+4, 8192, functions(1e6, empty)),
		tooMany("1M types", "a million types", "types", 1e6+5, 1024, types(1e6)),
		tooMany("1M globals", "a million globals", "size", uint64(len(million)), 4<<20, million),
		tooMany("1M globals", "as many globals as 4 MB hold", "globals", 800e3, 512, globals(800e3)),
		tooMany("200k exports", "200,000 exports", "exports", 200e3+5, 64, exports(200e3)),
		bomb(tooMany("2³²-1 locals", "4 billion locals in 100 bytes", "locals", math.MaxUint32-5+5, 64, run(nil, locals(math.MaxUint32-5)))),
		tooMany("2³²-1 locals", "locals whose sum wraps around", "locals", math.MaxUint32+5, 64, run(nil, locals(math.MaxUint32), locals(2))),
		bomb(tooMany("10,000 functions of 50,000 locals", "10,000 functions of 50,000 locals", "functions", 10_004, 2000, functions(10_000, crowded))),
		tooMany("10,000 functions of 50,000 locals", "1,000 functions of 50,000 locals", "locals", 50_000, 64, functions(1_000, crowded)),
		tooMany("", "33 parameters", "parameters", 33, 32, with(func(m *wt.Module) { m.Types = append(m.Types, wt.Type{Params: strings.Repeat(i32, 33)}) })),
		tooMany("", "9 results", "results", 9, 8, with(func(m *wt.Module) { m.Types = append(m.Types, wt.Type{Results: strings.Repeat(i32, 9)}) })),
		tooMany("100M-entry table", "a table of 100 million entries", "table size", 100e6, 4096, with(func(m *wt.Module) { m.Table = code(1, bytecode.FuncRef, 0, wt.U(100e6)) })),
		tooMany("100M-entry table", "100 tables", "table", 100, 1, with(func(m *wt.Module) { m.Table = code(100, repeat(100, code(bytecode.FuncRef, 0, 1))) })),
		refused("", "a table of references", "table", with(func(m *wt.Module) { m.Table = code(1, 0x6f, 0, 1) })),
		tooMany("4 GiB memory", "4 GiB of memory", "memory size", 65_536, 256, with(func(m *wt.Module) { m.Memory = code(1, 0, wt.U(65_536)) })),
		tooMany("4 GiB memory", "16 MiB of memory and a page", "memory size", 257, 256, guest(wt.Guest{Pages: 257})),
		tooMany("4 GiB memory", "two memories", "memory", 2, 1, with(func(m *wt.Module) { m.Memory = []byte{2, 0, 1, 0, 1} })),
		refused("4 GiB memory", "a memory of 64 bits", "memory", with(func(m *wt.Module) { m.Memory = []byte{1, 4, 1} })),
		refused("", "a shared memory", "memory", with(func(m *wt.Module) { m.Memory = []byte{1, 3, 1, 1} })),
		refused("data out of bounds", "data over the end of the memory", "segment", with(func(m *wt.Module) {
			m.Data = [][]byte{code(0, bytecode.I32Const, wt.S(65_535), end, 2, 1, 1)}
		})),
		refused("data out of bounds", "data at a negative address", "segment", with(func(m *wt.Module) {
			m.Data = [][]byte{code(0, bytecode.I32Const, wt.S(-1), end, 2, 1, 1)}
		})),
		refused("", "elements over the end of the table", "segment", with(func(m *wt.Module) {
			m.Table, m.Elements = code(1, bytecode.FuncRef, 0, 1), [][]byte{code(0, zero, end, 2, 0, 0)}
		})),
		refused("", "elements of a missing table", "index", with(func(m *wt.Module) { m.Elements = [][]byte{code(0, zero, end, 1, 0)} })),
		refused("", "passive elements", "segment", with(func(m *wt.Module) {
			m.Table, m.Elements = code(1, bytecode.FuncRef, 0, 1), [][]byte{code(1, 0, 1, 0)}
		})),
		refused("", "an element of a missing function", "index", with(func(m *wt.Module) {
			m.Table, m.Elements = code(1, bytecode.FuncRef, 0, 1), [][]byte{code(0, zero, end, 1, 9)}
		})),
	}
}
