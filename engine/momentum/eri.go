package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ERI is Elder's ray.
var ERI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "eri", Title: "Elder Ray Index", Group: ta.GroupMomentum,
		Doc: `How far buyers could lift the price above the market's consensus of value, and how far sellers could press it below.

bull_power = high − EMA(close, n), bear_power = low − EMA(close, n).

A. Elder, Trading for a Living, 1993.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{ta.Bars("period", 13, 1, "bars averaged")},
		Outputs: []ta.Output{
			{Name: "bull_power", Unit: ta.Price}, {Name: "bear_power", Unit: ta.Price},
		},
		Memory: ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		steps, average := roll.NewSteps(), roll.NewGap(a.Int("period"))
		var step, gap [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			close := in[2]
			step, gap := step[:len(close)], gap[:len(close)]
			steps.Next(close, step)
			lead := average.Next(step, gap)
			for k, power := range out {
				roll.Sub(power[lead:], in[k][lead:], close[lead:])
				roll.Sub(power[lead:], power[lead:], gap[lead:])
			}
			roll.Blank(lead, out...)
		}, steps, average)
	},
}
