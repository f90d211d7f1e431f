package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// WMA is the linearly weighted moving average.
var WMA = &ta.Indicator{
	Spec: average("wma", "Weighted Moving Average",
		`The mean of the last n prices, the newest weighing n, the one before it n−1, the oldest 1.

wma = (n·x[0] + (n−1)·x[1] + … + x[n−1]) / (n·(n+1)/2), x[k] the price k bars ago.

J. J. Murphy, Technical Analysis of the Financial Markets, 1999.`, ta.Window),
	Warmup: func(a ta.Args) int { return roll.AverageLead("wma", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("wma", a.Int("period")))
	},
}
