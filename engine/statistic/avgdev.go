package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// AvgDev is the mean deviation of a window.
var AvgDev = &ta.Indicator{
	Spec: ta.Spec{
		Name: "avgdev", Title: "Average Deviation", Group: ta.GroupStatistic,
		Doc: `How far the last n prices are from their mean, on average: less moved by a single price far away than the standard deviation.

Σ|x[k] − mean| / n, k from 0 to n−1; 0 where that is no more than the rounding of the mean.

P.-S. Laplace, Théorie analytique des probabilités, 1812.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars in the sample")},
		Outputs: []ta.Output{{Name: "avgdev", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		window := roll.NewMeanDeviation(a.Int("period"))
		var mean [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			mean, deviation := mean[:len(in[0])], out[0]
			lead := window.Next(in[0], mean, deviation)
			roll.Settle(deviation[lead:], in[0][lead:], mean[lead:])
		}, window)
	},
}
