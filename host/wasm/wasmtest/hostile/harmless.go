package hostile

import (
	"math"
	"regexp"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/internal/bytecode"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// Harmless has modules that try what the sandbox makes vain. If it did not, they
// would not give the mean.
func Harmless() []Module {
	const state, overlap = "state kept between calls", "overlapping result pointers"
	harmless := func(item, name string, g wt.Guest) Module {
		g.Name = "vain_" + regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(name), "_")
		return Module{Item: item, Name: name, Bytes: guest(g), Plugin: g.Name, By: Nobody}
	}
	mean := wt.EachBar(wt.Mean())
	odd := wt.Float(math.Float64frombits(0x7ff8_dead_beef_cafe))
	const mark = 30_000 // between the description and the columns
	marked := code(wt.Int(mark), bytecode.I32Load, 2, 0)
	fill := code(zero, zero, wt.Get(0), bytecode.MemoryFill, 0)
	crowd := func(n int, body []byte) func(*wt.Module) { // functions that nothing calls
		return func(m *wt.Module) {
			m.Types = append(m.Types, wt.Type{Params: i32})
			for range n {
				m.Add(wt.Func{Type: len(m.Types) - 1, Code: body})
			}
		}
	}
	calls := repeat(5400, code(bytecode.Call, wt.ABIFunction, drop))
	many := make([]wt.Export, 59) // with the 5 of the ABI as many as there may be
	for i := range many {
		many[i] = export(strings.Repeat("x", i+1), bytecode.KindFunction, wt.ABIFunction)
	}
	return []Module{
		harmless("NaN payloads", "a NaN with a payload for no value", wt.Guest{
			Run: wt.EachBar(wt.Unless(code(wt.Get(wt.Bar), 0x45), code(wt.Close(0), wt.Close(-1), 0xa0, wt.Float(0.5), 0xa2), odd))}),
		harmless(state, "counts its calls in memory", wt.Guest{
			Run: code(wt.If(marked, wt.Trap()), wt.Int(mark), wt.Int(1), bytecode.I32Store, 2, 0, mean)}),
		harmless(state, "counts its calls in a global", wt.Guest{Globals: 1,
			Run: code(wt.If(wt.GetGlobal(0), wt.Trap()), wt.Int(1), wt.SetGlobal(0), mean)}),
		harmless(state, "counts its calls in the size of its memory", wt.Guest{
			// A page has room for the columns of the smallest class.
			Run: code(wt.If(code(wt.Get(wt.Stride), wt.Int(1_024), 0x4c, bytecode.MemorySize, 0, wt.Int(1), 0x4a, 0x71), wt.Trap()),
				wt.Int(1), bytecode.MemoryGrow, 0, drop, mean)}),
		harmless(state, "fills its memory behind its answer", wt.Guest{
			Run: code(wt.If(marked, wt.Trap()), mean, wt.Int(0), wt.Int(0x55), wt.Int(32<<10), bytecode.MemoryFill, 0)}),
		harmless(overlap, "room over its description", wt.Guest{Pages: 64, Alloc: wt.Int(8)}),
		harmless(overlap, "writes over its input and its parameters", wt.Guest{
			Run: code(mean, wt.Get(wt.In), wt.Int(0x55), wt.Get(wt.N), wt.Int(3), 0x74, bytecode.MemoryFill, 0,
				wt.Get(wt.Params), wt.Float(7), 0x39, 3, 0)}),
		harmless("call spam that grows when metered", "15 functions of 5,400 calls", wt.Guest{Change: crowd(15, calls)}),
		harmless("200k calls", "200,000 calls in 38 functions", wt.Guest{Change: crowd(38, calls)}),
		harmless("bulk-op spam that grows when metered", "120 functions of 128 fills", wt.Guest{Change: crowd(120, repeat(128, fill))}),
		harmless("200k exports", "64 exports", wt.Guest{Change: func(m *wt.Module) { m.Exports = append(m.Exports, many...) }}),
	}
}
