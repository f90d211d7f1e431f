package statistic

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Percentile is a value of the window by its rank.
var Percentile = &ta.Indicator{
	Spec: ta.Spec{
		Name: "percentile", Title: "Percentile", Group: ta.GroupStatistic,
		Doc: `The price that so many percent of the last n prices do not exceed: 50 is the median, 0 the lowest, 100 the highest.

The k-th smallest of n prices, k = ⌈n · percentile / 100⌉ but at least 1: the nearest rank, so it is always one of the prices.

F. Galton, Natural Inheritance, 1889.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 30, 2, "bars in the sample"),
			ta.Number("percentile", 50, 0, 100, "percent of the prices"),
		},
		Outputs: []ta.Output{{Name: "percentile", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		rank := max(1, math.Ceil(float64(n)*a.Float("percentile")/100))
		return roll.Kernel(roll.NewPercentile(n, int(rank)-1))
	},
}
