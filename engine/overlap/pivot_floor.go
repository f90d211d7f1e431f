package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PivotFloor are the floor traders' pivots.
var PivotFloor = pivot(ta.Spec{
	Name: "pivot_floor", Title: "Pivot Points, Floor",
	Doc: `Prices at which traders on the floor expected the market to turn or to break out, known before the bar begins: above the pivot the bulls are ahead, below it the bears, and r and s are where they meet resistance and support.

Of high H, low L and close C of the session before: pivot = (H + L + C) / 3; r1 = 2·pivot − L, s1 = 2·pivot − H; r2 = pivot + (H − L), s2 = pivot − (H − L); r3 = H + 2·(pivot − L), s3 = L − 2·(H − pivot).` + sessions + `

Long in use on the floors of Chicago; J. L. Person, A Complete Guide to Technical Trading Tactics, 2004.`,
	Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
	Outputs: levelled("pivot", "r1", "r2", "r3", "s1", "s2", "s3"),
}, func(s *session, _, out ta.Columns) {
	roll.Typical(out[0], s.high, s.low, s.close)
	s.reflect(out)
})
