package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// SMA is the simple moving average.
var SMA = &ta.Indicator{
	Spec: average("sma", "Simple Moving Average",
		`The mean of the last n prices, each of them weighing the same.

sma = (x[0] + x[1] + … + x[n−1]) / n, x[k] the price k bars ago.

R. D. Edwards and J. Magee, Technical Analysis of Stock Trends, 1948.`, ta.Window),
	Warmup: func(a ta.Args) int { return roll.AverageLead("sma", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("sma", a.Int("period")))
	},
}
