package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PivotCamarilla are the Camarilla levels.
var PivotCamarilla = pivot(ta.Spec{
	Name: "pivot_camarilla", Title: "Pivot Points, Camarilla",
	Doc: `Levels close around the last close, to which prices were found to return: r3 and s3 are where to trade against the move, r4 and s4 where to trade with its breakout.

Of high H, low L and close C of the session before: r1, r2, r3 and r4 = C + 1.1 · (H − L) / 12, 6, 4 and 2, s1 to s4 likewise below C; pivot = (H + L + C) / 3 is for orientation.` + sessions + `

N. Stott, the Camarilla Equation, 1989.`,
	Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
	Outputs: levelled("pivot", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4"),
}, func(s *session, _, out ta.Columns) {
	roll.Typical(out[0], s.high, s.low, s.close)
	s.spread(s.close, out[1:], 1.1/12, 1.1/6, 1.1/4, 1.1/2)
})
