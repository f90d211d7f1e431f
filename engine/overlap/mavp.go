package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MAVP is a moving average whose period changes.
var MAVP = &ta.Indicator{
	Spec: ta.Spec{
		Name: "mavp", Title: "Moving Average with Variable Period", Group: ta.GroupOverlap,
		Doc: `A moving average that each bar tells how many bars to average: half of a measured cycle, say.

MA(x, p), p = the bar's period without its fraction, at least min_period and at most max_period. The averages of all periods are seeded so that they have their first values where that of max_period has.

A. Ungar's Moving Averages with Variable Length, in P. J. Kaufman, Trading Systems and Methods, 1995, is an early use.`,
		Inputs: []ta.Input{ta.Real, ta.Periods},
		Params: []ta.Param{
			ta.Bars("min_period", 2, 1, "the shortest period"),
			{Name: "max_period", Default: 30, Min: 1, Max: ta.MaxPeriod, AtLeast: "min_period", Integer: true, Doc: "the longest period"},
			ta.Choice("ma_type", 0, roll.Averages, "the average; default is sma, disabled the series itself"),
		},
		Outputs: []ta.Output{{Name: "mavp", Unit: ta.Price}},
		Memory:  ta.Fading, // a window with averages that have one, such as the default
	},
	Warmup: func(a ta.Args) int {
		return roll.AverageLead(a.Choice("ma_type"), a.Int("max_period"))
	},
	New: func(a ta.Args) ta.Kernel {
		averages := roll.NewVariable(a.Choice("ma_type"), a.Int("min_period"), a.Int("max_period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			averages.Next(in[0], in[1], out[0])
		}, averages)
	},
}
