package hostile

import (
	"math"

	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// only is a value at one bar, and the mean at all others.
func only(bar int32, v float64) []byte {
	return wt.EachBar(wt.Unless(wt.Code(wt.Get(wt.Bar), wt.Int(bar), []byte{0x46}), wt.Mean(), wt.Float(v)))
}

// Answers has modules whose ta_run comes back, with something else than they
// describe.
func Answers() []Module {
	const lies = "a Spec that lies"
	answers := func(item, name, what, says string, at *int, g wt.Guest) Module {
		return Module{Item: item, Name: name, Bytes: guest(g), By: Check, What: what, Says: says, Bar: at}
	}
	atOnce := changed(`"warmup":1`, `"warmup":0`)
	two := code(wt.Close(0), wt.Close(-1), 0xa0)
	number := func(local byte) []byte { return wt.EachBar(code(wt.Get(local), 0xb7)) } // f64.convert_i32_s
	mean := `{"name":"mean","unit":"none"}`
	priced := changed(`"unit":"none"`, `"unit":"price"`)
	small := code(wt.Close(0), wt.Float(1), 0x63) // f64.lt
	toward := code(wt.Get(wt.F64), wt.Close(0), wt.Get(wt.F64), 0xa1, wt.Float(0.5), 0xa2, 0xa0)
	recurrence := wt.EachBar(code(wt.Unless(code(wt.Get(wt.Bar), 0x45), toward, wt.Close(0)), 0x22, wt.F64)) // y += (x-y)/2
	return []Module{
		answers("", "a code of its own", "trap", "code 3", nil, wt.Guest{Run: wt.Int(3)}),
		answers("", "nothing written", "bad-output", "not written", bar(0), wt.Guest{Run: zero}),
		answers(lies, "an output that is described and not written", "bad-output", "output more at bar 0 was not written", bar(0),
			wt.Guest{Description: changed(mean, mean+`,{"name":"more","unit":"none"}`)}),
		answers("", "an infinity", "bad-output", "infinite", bar(9), wt.Guest{Run: only(9, math.Inf(1))}),
		answers("", "an infinity below", "bad-output", "infinite", bar(9), wt.Guest{Run: only(9, math.Inf(-1))}),
		answers(lies, "no value at all", "warm-up", "no output has a value", nil, wt.Guest{Run: wt.EachBar(wt.Float(math.NaN()))}),
		answers(lies, "values before the warm-up", "warm-up", "promises bar 1", bar(0), wt.Guest{Run: wt.EachBar(wt.Close(0))}),
		answers(lies, "values after the warm-up", "warm-up", "first value at bar 5", bar(5),
			wt.Guest{Run: wt.EachBar(wt.Unless(code(wt.Get(wt.Bar), wt.Int(5), 0x48), two, wt.Float(math.NaN())))}),
		answers(lies, "a warm-up beyond every series", "warm-up", "at most", nil, wt.Guest{Description: changed(`"warmup":1`, `"warmup":2000000000`)}),
		answers(lies, "a look ahead", "causality", "looks ahead", bar(298), wt.Guest{Description: atOnce, Run: wt.EachBar(wt.Close(1))}),
		answers(lies, "the number of bars", "causality", "looks ahead", bar(0), wt.Guest{Description: atOnce, Run: number(wt.N)}),
		answers(lies, "a price that a constant was added to", "scale", "by its unit", bar(1), wt.Guest{Description: priced, Run: wt.EachBar(code(wt.Mean(), wt.Float(1), 0xa0))}),
		answers(lies, "a price that is said to be a ratio", "scale", "by its unit", bar(1), wt.Guest{Description: changed(`"unit":"none"`, `"unit":"ratio"`)}),
		answers("", "a trap at other prices", "trap", "other prices", nil, wt.Guest{Description: priced, Run: wt.EachBar(wt.Unless(small, wt.Mean(), code(wt.Trap(), wt.Float(0))))}),
		answers("", "the stride", "determinism", "stride", bar(0), wt.Guest{Description: atOnce, Run: number(wt.Stride)}),
		answers("", "a trap at a hole", "trap", "holes", nil, wt.Guest{Run: wt.EachBar(code(wt.Close(0), 0xaa, drop, wt.Mean()))}), // i32.trunc_f64_s
		answers("", "a hole that poisons all that follows", "recovery", "skip a bar that has NaN", bar(0), wt.Guest{Description: atOnce, Run: recurrence}),
	}
}
