package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PivotWoodie are Woodie's pivots.
var PivotWoodie = pivot(ta.Spec{
	Name: "pivot_woodie", Title: "Pivot Points, Woodie",
	Doc: `Floor pivots that know where the market opened: the open of this bar counts twice, and the close before not at all. So they are known once the bar has opened, not before.

Of high H and low L of the session before: pivot = (H + L + 2·open) / 4; r1 = 2·pivot − L, s1 = 2·pivot − H; r2 = pivot + (H − L), s2 = pivot − (H − L); r3 = H + 2·(pivot − L), s3 = L − 2·(H − pivot). Some give the close before the place of the open.` + sessions + `

K. Wood, Woodie's CCI Club, about 2000.`,
	Inputs:  []ta.Input{ta.Open, ta.High, ta.Low, ta.Close},
	Outputs: levelled("pivot", "r1", "r2", "r3", "s1", "s2", "s3"),
}, func(s *session, in, out ta.Columns) {
	roll.Middle(out[0], s.high, s.low)
	roll.Middle(out[0], out[0], in[0])
	s.reflect(out)
})
