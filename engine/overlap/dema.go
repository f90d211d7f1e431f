package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// DEMA is the double exponential moving average.
var DEMA = &ta.Indicator{
	Spec: average("dema", "Double Exponential Moving Average",
		`An exponential average with most of its lag taken out: the lag of an average is estimated by averaging it again.

dema = 2·e1 − e2, where e1 is the EMA of the price and e2 the EMA of e1, both over n bars.

P. Mulloy, Smoothing Data with Faster Moving Averages, Stocks & Commodities 12:1, 1994.`, ta.Fading),
	Warmup: func(a ta.Args) int { return roll.AverageLead("dema", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("dema", a.Int("period")))
	},
}
