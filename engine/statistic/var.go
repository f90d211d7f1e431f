package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Var is the variance of a window.
var Var = &ta.Indicator{
	Spec: ta.Spec{
		Name: "var", Title: "Variance", Group: ta.GroupStatistic,
		Doc: `The mean square of how far the last n prices are from their mean, as of a whole population.

Σ(x[k] − mean)² / n, k from 0 to n−1. It grows four times where prices double, so the output has no unit.

R. A. Fisher, The Correlation between Relatives on the Supposition of Mendelian Inheritance, 1918.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 5, 1, "bars in the sample"),
			ta.Number("nb_dev", 1, -3e37, 3e37, "taken for TA-Lib's sake, which takes it and does nothing with it"),
		},
		Outputs: []ta.Output{{Name: "var", Unit: ta.None, Doc: "in prices squared"}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		spread := roll.NewVariance(n)
		var mean [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			lead := spread.Next(in[0], mean[:len(in[0])], out[0])
			roll.Divide(out[0][lead:], out[0][lead:], float64(n))
		}, spread)
	},
}
