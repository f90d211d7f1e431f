package statistic

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// StdErr is the standard error of a window's mean.
var StdErr = &ta.Indicator{
	Spec: ta.Spec{
		Name: "stderr", Title: "Standard Error", Group: ta.GroupStatistic,
		Doc: `How far the mean of the last n prices is likely to be from what they vary around.

√(Σ(x[k] − mean)² / n) / √n, k from 0 to n−1: stddev, as of a whole population, over the root of n.

G. U. Yule, An Introduction to the Theory of Statistics, 1911; in this form that of Tulip Indicators.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 5, 2, "bars in the sample")},
		Outputs: []ta.Output{{Name: "stderr", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		spread, root := roll.NewDeviation(a.Int("period")), math.Sqrt(a.Float("period"))
		var mean [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			lead := spread.Next(in[0], mean[:len(in[0])], out[0])
			roll.Divide(out[0][lead:], out[0][lead:], root)
		}, spread)
	},
}
