package hostile

import (
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Lasting has modules that would change what cannot be put back between two
// calls, run before their time, or use what the host does not have.
func Lasting() []Module {
	const table = "table fill and grow"
	start := func(body []byte) []byte {
		return with(func(m *wt.Module) {
			m.Start = wt.U(uint64(m.Add(wt.Func{Type: wt.TypeNone, Code: body})))
		})
	}
	return []Module{
		refused("trap in start", "a start function that traps", "start", start(wt.Trap())),
		refused("loop in start", "a start function that loops", "start", start(wt.Loop())),
		tooMany(table, "a table that is filled 55 times at the start", "entries", 5*14_000, 65_536, with(func(m *wt.Module) {
			const segments, each = 256, 14_000
			m.Table = code(1, bytecode.FuncRef, 0, wt.U(65_536))
			for range segments {
				m.Elements = append(m.Elements, code(0, zero, end, wt.U(each), make([]byte, each)))
			}
		})),
		refused(table, "table.get", "instruction", run(code(zero, 0x25, 0))),
		refused(table, "table.set", "instruction", run(code(zero, 0x26, 0))),
		refused(table, "table.init", "instruction", run(code(0xfc, 12, 0, 0))),
		refused(table, "elem.drop", "instruction", run(code(0xfc, 13, 0))),
		refused(table, "table.copy", "instruction", run(code(0xfc, 14, 0, 0))),
		refused(table, "table.grow", "instruction", run(code(0xfc, 15, 0))),
		refused(table, "table.size", "instruction", run(code(0xfc, 16, 0))),
		refused(table, "table.fill", "instruction", run(code(0xfc, 17, 0))),
		refused("state kept between calls", "data.drop", "instruction", with(func(m *wt.Module) {
			m.DataLen, m.Data, m.Funcs[wt.RunFunction].Code = []byte{1}, [][]byte{{1, 0}}, code(0xfc, 9, 0)
		})),
		refused("", "a tail call", "instruction", run(code(0x12, 0))),
		refused("", "an exception", "instruction", run(code(0x06, 0x40, end))),
		refused("", "an atomic", "instruction", run(code(0xfe, 0x03, 0))),
		refused("", "a reference", "instruction", run(code(0xd0, 0x70))),
		refused("", "a relaxed vector", "instruction", run(code(0xfd, wt.U(0x100)))),
		refused("", "a gap among the vectors", "instruction", run(code(0xfd, wt.U(0x9a)))),
		refused("", "opcode ff", "instruction", run(code(0xff))),
		refused("", "a local reference", "type", run(nil, wt.Locals{Count: 1, Type: 0x70})),
		refused("", "a block of a reference", "type", run(code(bytecode.Block, 0x70, end))),
		refused("", "a block of type -257", "type", run(code(bytecode.Block, wt.S(-257), end))),
		refused("", "a global reference", "type", with(func(m *wt.Module) { m.Globals = []wt.Global{{Type: 0x70, Init: code(0xd0, 0x70)}} })),
		refused("", "a global that begins with a call", "global", with(func(m *wt.Module) {
			m.Globals = []wt.Global{{Type: bytecode.I32, Init: code(bytecode.Call, 0)}}
		})),
		refused("", "a global that begins as another", "global", with(func(m *wt.Module) {
			m.Globals = []wt.Global{{Type: bytecode.I32, Init: zero}, {Type: bytecode.I32, Init: code(bytecode.GlobalGet, 0)}}
		})),
	}
}
