package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ZLEMA is the zero-lag exponential moving average.
var ZLEMA = &ta.Indicator{
	Spec: average("zlema", "Zero-Lag Exponential Moving Average",
		`An exponential average of the price carried on by its own change over half the window, which takes out most of the lag and overshoots at turns.

zlema = EMA(2·x − x[k bars before], n), k = ⌊(n−1)/2⌋.

J. Ehlers and R. Way, Zero Lag (Well, Almost), Technical Analysis of Stocks & Commodities, 2010.`, ta.Fading),
	Warmup: func(a ta.Args) int { return roll.AverageLead("zlema", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("zlema", a.Int("period")))
	},
}
