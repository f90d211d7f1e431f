package hostile

import (
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Tampering has modules that are invalid as they are, and would be valid, and in
// charge of their own gas, once the meter has added globals, locals, types and
// exports.
func Tampering() []Module {
	const globals, exports = "gas tampering through globals", "gas tampering through exports"
	reserved := func(name string) []byte {
		return with(func(m *wt.Module) { m.Exports = append(m.Exports, export(name, bytecode.KindFunction, 0)) })
	}
	return []Module{
		refused(globals, "sets the gas", "index", run(code(bytecode.I64Const, 0, bytecode.GlobalSet, 0))),
		refused(globals, "reads the gas", "index", run(code(bytecode.GlobalGet, 0, drop))),
		refused(globals, "sets the stack", "index", run(code(zero, bytecode.GlobalSet, 1))),
		refused(globals, "sets the gas behind its own globals", "index", with(func(m *wt.Module) {
			m.Globals = []wt.Global{{Type: bytecode.I64, Mutable: true, Init: code(bytecode.I64Const, 0)}}
			m.Funcs[wt.RunFunction].Code = code(bytecode.I64Const, 0, bytecode.GlobalSet, 1, zero)
		})),
		refused("", "sets the meter's i64 local", "index", run(code(bytecode.I64Const, 0, bytecode.LocalSet, 5))),
		refused("", "sets the meter's i32 local", "index", run(code(zero, bytecode.LocalSet, 6))),
		refused("", "a block of the meter's type", "index", run(code(bytecode.Block, 5, end))),
		refused("", "branches to the meter's block", "index", run(code(bytecode.Br, 1))),
		refused("", "branches to the meter's block by a br_table", "index", run(code(zero, bytecode.BrTable, 1, 0, 1))),
		refused("", "calls a function too many", "index", run(code(bytecode.Call, 4))),
		refused("", "calls by a type too many", "index", withTable(code(zero, bytecode.CallIndirect, 9, 0))),
		refused(globals, "sets a constant", "instruction", with(func(m *wt.Module) {
			m.Globals = []wt.Global{{Type: bytecode.I32, Init: zero}}
			m.Funcs[wt.RunFunction].Code = code(zero, bytecode.GlobalSet, 0, zero)
		})),
		refused(exports, "exports the name of the gas", "export", reserved("__meter_gas")),
		refused(exports, "exports the name of the stack", "export", reserved("__meter_stack")),
	}
}
