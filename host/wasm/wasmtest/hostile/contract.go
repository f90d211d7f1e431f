package hostile

import (
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Contract has modules that do not keep to sdk/ABI.md, as can be seen before
// they run.
func Contract() []Module {
	const signature, memory, unknown = "wrong signature", "missing memory", "unknown imports"
	exports := func(change func(e []wt.Export) []wt.Export) []byte {
		return with(func(m *wt.Module) { m.Exports = change(m.Exports) })
	}
	replaced := func(i int, e wt.Export) []byte {
		return exports(func(all []wt.Export) []wt.Export { all[i] = e; return all })
	}
	const run = 4 // ta_run among the exports
	return []Module{
		refused(memory, "no memory", "memory", with(func(m *wt.Module) { m.Memory, m.Exports = nil, m.Exports[1:] })),
		refused(memory, "a memory that is not exported", "export", exports(func(e []wt.Export) []wt.Export { return e[1:] })),
		refused(memory, "a memory that is a function", "export", replaced(0, export("memory", bytecode.KindFunction, 0))),
		says(refused(signature, "no ta_run", "export", exports(func(e []wt.Export) []wt.Export { return e[:run] })), "ta_run"),
		refused(signature, "ta_run that is the memory", "export", replaced(run, export("ta_run", bytecode.KindMemory, 0))),
		says(refused(signature, "ta_run without parameters", "export", replaced(run, export("ta_run", bytecode.KindFunction, wt.ABIFunction))), "ta_run"),
		refused(signature, "ta_bar of ta_run", "export", exports(func(e []wt.Export) []wt.Export {
			return append(e, export("ta_bar", bytecode.KindFunction, wt.RunFunction))
		})),
		refused(signature, "ta_abi of another result", "export", replaced(1, export("ta_abi", bytecode.KindFunction, wt.DescribeFunction))),
		refused(signature, "ta_run beyond all functions", "index", replaced(run, export("ta_run", bytecode.KindFunction, 4))),
		says(refused(signature, "ta_run twice", "export", exports(func(e []wt.Export) []wt.Export { return append(e, e[run]) })), "twice"),
		says(refused(memory, "a memory that is exported twice", "export", exports(func(e []wt.Export) []wt.Export { return append(e, e[0]) })), "twice"),
		refused("", "_initialize of a Small module", "export", with(func(m *wt.Module) {
			m.Exports = append(m.Exports, export("_initialize", bytecode.KindFunction, m.Add(wt.Func{Type: wt.TypeNone})))
		})),
		refused("gas tampering through exports", "exports a name of the meter's kind", "export", with(func(m *wt.Module) {
			m.Exports = append(m.Exports, export("__meter_", bytecode.KindFunction, 0))
		})),
		says(refused(unknown, "env.abort", "import", guest(wt.Guest{Imports: []string{"abort"}})), "abort"),
		says(refused(unknown, "an import of another type", "import", wasi("sched_yield", wt.Type{Results: i64})), "sched_yield"),
		refused(unknown, "an import of a missing type", "index", with(func(m *wt.Module) {
			m.Imports = []wt.Import{{Module: "wasi_snapshot_preview1", Name: "sched_yield", Type: 5}}
		})),
		refused(unknown, "an import of a memory", "import", append([]byte(bytecode.Header),
			wt.Section(bytecode.SectionImport, code(1, wt.Name("wasi_snapshot_preview1"), wt.Name("args_get"), 2, 0, 1))...)),
		says(refused("socket imports", "env.socket", "import", guest(wt.Guest{Imports: []string{"socket"}})), "socket"),
		says(refused("socket imports", "sock_send of WASI", "import", wasi("sock_send", wt.Type{Results: i32})), "sock_send"),
		says(refused("file imports", "path_open of WASI", "import", wasi("path_open", wt.Type{Results: i32})), "path_open"),
		{Name: "another ABI", Bytes: guest(wt.Guest{ABI: 2}), By: Check, What: "abi", Says: "ta_abi gave 2"},
		{Name: "a float where ta_run gives an i32", Bytes: guest(wt.Guest{Run: wt.Float(1)}), By: Check, What: "validation"},
	}
}

func says(m Module, words string) Module {
	m.Says = words
	return m
}
