package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// HMA is the Hull moving average.
var HMA = &ta.Indicator{
	Spec: averageOver(20, "hma", "Hull Moving Average",
		`An average that is both quick and smooth: twice a fast weighted average less a slow one, smoothed over the root of the period.

hma = WMA(2·WMA(x, ⌊n/2⌋) − WMA(x, n), ⌊√n⌋).

A. Hull, How to Reduce Lag in a Moving Average, 2005.`, ta.Window),
	Warmup: func(a ta.Args) int { return roll.AverageLead("hma", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("hma", a.Int("period")))
	},
}
