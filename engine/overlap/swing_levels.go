package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// SwingLevels are the prices at which the market last turned.
var SwingLevels = &ta.Indicator{
	Spec: ta.Spec{
		Name: "swing_levels", Title: "Swing Support and Resistance", Group: ta.GroupOverlap,
		Doc: `The last high and the last low at which the market turned: there it may turn again, and once a price is past one of them it may change its part, resistance being support from then on.

resistance is the last high that is above the highs of right_bars bars after it and not below those of left_bars before it; support the last low, likewise. Of equal prices in a row the last one is the turn. A turn is known, and its level moves, right_bars after it, never sooner; until there has been one there is no value. fractal marks the bars at which turns are known, of prices that no other one in reach equals.

R. D. Edwards and J. Magee, Technical Analysis of Stock Trends, 1948.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{
			ta.Bars("left_bars", 5, 1, "bars before the turn"),
			ta.Bars("right_bars", 5, 1, "bars after it"),
		},
		Outputs: []ta.Output{
			{Name: "resistance", Unit: ta.Price, Doc: "the last high at which the market turned"},
			{Name: "support", Unit: ta.Price, Doc: "the last low at which it turned"},
		},
		Memory: ta.Fading, // nothing is left of the turn before the last
	},
	Warmup: func(a ta.Args) int { return a.Int("left_bars") + a.Int("right_bars") },
	New: func(a ta.Args) ta.Kernel {
		left, right := a.Int("left_bars"), a.Int("right_bars")
		high, low := roll.NewTurnDown(left, right), roll.NewTurnUp(left, right)
		return ta.NewKernel(func(in, out ta.Columns) {
			high.Next(in[0], out[0])
			low.Next(in[1], out[1])
		}, high, low)
	},
}
