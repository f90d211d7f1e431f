package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Fisher is Ehlers's Fisher transform.
var Fisher = &ta.Indicator{
	Spec: ta.Spec{
		Name: "fisher", Title: "Fisher Transform", Group: ta.GroupMomentum,
		Doc: `Where the price is in its range, so transformed that extremes are rare and turns are sharp: a cross of its signal, which is itself one bar before, is read as a turn.

v = 0.66 · ((p − lowest) / (highest − lowest) − 0.5) + 0.67 · v[1 bar before], p = (high + low) / 2, of the last n p; the quotient is 0.5 where their range is flat, and a v beyond ±0.99 becomes ±0.999. fisher = 0.5 · ln((1 + v) / (1 − v)) + 0.5 · fisher[1 bar before], from 0 on.

J. F. Ehlers, Using the Fisher Transform, Technical Analysis of Stocks & Commodities, 2002.`,
		Inputs:  []ta.Input{ta.High, ta.Low},
		Params:  []ta.Param{ta.Bars("period", 10, 1, "bars of the range")},
		Outputs: []ta.Output{{Name: "fisher", Unit: ta.Ratio}, {Name: "fisher_signal", Unit: ta.Ratio}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		highest, lowest, transform := roll.NewMax(a.Int("period")), roll.NewMin(a.Int("period")), roll.NewFisher()
		var middle, high [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			fisher, line := out[0], out[1]
			middle, high := middle[:len(fisher)], high[:len(fisher)]
			roll.Middle(middle, in[0], in[1])
			highest.Next(middle, high)
			lead := lowest.Next(middle, line)
			transform.Next(middle[lead:], line[lead:], high[lead:], fisher[lead:], line[lead:])
			roll.Blank(lead, fisher, line)
		}, highest, lowest, transform)
	},
}
