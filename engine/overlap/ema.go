package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// EMA is the exponential moving average.
var EMA = &ta.Indicator{
	Spec: average("ema", "Exponential Moving Average",
		`A mean of all prices so far in which a price weighs less the older it is.

ema += 2/(n+1) · (x − ema), starting from the mean of the first n prices.

P. N. Haurlan, Measuring Trend Values, 1968.`, ta.Fading),
	Warmup: func(a ta.Args) int { return roll.AverageLead("ema", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("ema", a.Int("period")))
	},
}
