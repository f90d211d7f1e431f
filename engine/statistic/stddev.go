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
		return roll.Kernel(roll.NewSpread(a.Int("period"), a.Float("nb_dev")))
	},
}
