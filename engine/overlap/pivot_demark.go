package overlap

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// PivotDeMark are DeMark's projected highs and lows.
var PivotDeMark = pivot(ta.Spec{
	Name: "pivot_demark", Title: "Pivot Points, DeMark",
	Doc: `The high and the low that the session before lets expect: r1 and s1. A session that closed below its open counts its low twice, one that closed above it its high.

Of open O, high H, low L and close C of the session before: X = H + 2·L + C where C < O, 2·H + L + C where C > O, and H + L + 2·C where they are equal; pivot = X / 4, r1 = X / 2 − L, s1 = X / 2 − H.` + sessions + `

T. R. DeMark, The New Science of Technical Analysis, 1994.`,
	Inputs:  []ta.Input{ta.Open, ta.High, ta.Low, ta.Close},
	Outputs: levelled("pivot", "r1", "s1"),
}, func(s *session, _, out ta.Columns) {
	for i, c := range s.close {
		twice := c
		switch o := s.open[i]; {
		case c < o:
			twice = s.low[i]
		case c > o:
			twice = s.high[i]
		}
		out[0][i] = ((s.high[i] + s.low[i]) + (c + twice)) / 4
	}
	s.reflect(out)
})
