package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Fractal are Williams's fractals.
var Fractal = &ta.Indicator{
	Spec: ta.Spec{
		Name: "fractal", Title: "Williams Fractal", Group: ta.GroupMomentum,
		Doc: `Bars at which the market turned: a high above those of the bars on both sides of it, and a low below them. The mark is on the bar that confirms it, right_bars after the turn, since nobody knows before.

swing_high is 100 where the high of right_bars before is above the highs of left_bars before it and of right_bars after it, else 0; swing_low likewise with lower lows. Equal prices are no turn.

B. Williams, Trading Chaos, 1995.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{
			ta.Bars("left_bars", 2, 1, "bars before the turn"),
			ta.Bars("right_bars", 2, 1, "bars after it"),
		},
		Outputs: []ta.Output{
			{Name: "swing_high", Unit: ta.Percent, Doc: "100 on the bar that confirms a high, else 0"},
			{Name: "swing_low", Unit: ta.Percent, Doc: "100 on the bar that confirms a low, else 0"},
		},
		Memory: ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("left_bars") + a.Int("right_bars") },
	New: func(a ta.Args) ta.Kernel {
		left, right := a.Int("left_bars"), a.Int("right_bars")
		high, low := roll.NewHigherSides(left, right), roll.NewLowerSides(left, right)
		var parts [3][ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			m := len(in[0])
			pivot, before, after := parts[0][:m], parts[1][:m], parts[2][:m]
			lead := high.Next(in[0], pivot, before, after)
			roll.Swing(out[0][lead:], pivot[lead:], before[lead:], after[lead:])
			low.Next(in[1], pivot, before, after)
			roll.Dip(out[1][lead:], pivot[lead:], before[lead:], after[lead:])
			roll.Blank(lead, out...)
		}, high, low)
	},
}
