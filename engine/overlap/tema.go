package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// TEMA is the triple exponential moving average.
var TEMA = &ta.Indicator{
	Spec: average("tema", "Triple Exponential Moving Average",
		`An exponential average with its lag taken out twice: quicker than DEMA, and it overshoots more.

tema = 3·e1 − 3·e2 + e3, where e1 is the EMA of the price, e2 the EMA of e1 and e3 that of e2, all over n bars.

P. Mulloy, Smoothing Data with Less Lag, Stocks & Commodities 12:2, 1994.`, ta.Fading),
	Warmup: func(a ta.Args) int { return roll.AverageLead("tema", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("tema", a.Int("period")))
	},
}
