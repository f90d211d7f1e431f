package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PivotFibonacci are pivots at Fibonacci's ratios.
var PivotFibonacci = pivot(ta.Spec{
	Name: "pivot_fibonacci", Title: "Pivot Points, Fibonacci",
	Doc: `The floor pivot with resistance and support at parts of the range that are Fibonacci's ratios.

Of high H, low L and close C of the session before: pivot = (H + L + C) / 3; r1, r2 and r3 = pivot + 0.382, 0.618 and 1 · (H − L), s1 to s3 likewise below.` + sessions + `

In use since about 2000; the ratios are those of R. Fischer, Fibonacci Applications and Strategies for Traders, 1993.`,
	Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
	Outputs: levelled("pivot", "r1", "r2", "r3", "s1", "s2", "s3"),
}, func(s *session, _, out ta.Columns) {
	roll.Typical(out[0], s.high, s.low, s.close)
	s.spread(out[0], out[1:], 0.382, 0.618, 1)
})
