package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// StdDev is the standard deviation of a window.
var StdDev = &ta.Indicator{
	Spec: ta.Spec{
		Name: "stddev", Title: "Standard Deviation", Group: ta.GroupStatistic,
		Doc: `How far the last n prices are from their mean: the root of the mean square, as of a whole population.

stddev = d · √(Σ(x[k] − mean)² / n), k from 0 to n−1.

K. Pearson, Contributions to the Mathematical Theory of Evolution, 1894.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 5, 2, "bars in the sample"),
			ta.Number("nb_dev", 1, -3e37, 3e37, "deviations: what the result is multiplied by"),
		},
		Outputs: []ta.Output{{Name: "stddev", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		spread, times := roll.NewDeviation(a.Int("period")), a.Float("nb_dev")
		var mean [ta.Tile]float64
		scale := func(out []float64, lead int) {
			if times != 1 {
				roll.Scale(out[lead:], out[lead:], times)
			}
		}
		k := ta.NewTicking(func(in, out ta.Columns) {
			scale(out[0], spread.Next(in[0], mean[:len(in[0])], out[0]))
		}, func(x, _, _, _ float64) (stddev, _, _ float64) {
			_, stddev = spread.Tick(x)
			return stddev * times, 0, 0
		}, spread)
		return ta.Watchful(k, func(in, out ta.Columns) bool {
			lead, ok := spread.Watch(in[0], mean[:len(in[0])], out[0])
			if ok {
				scale(out[0], lead)
			}
			return ok
		})
	},
}
