package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// TRIMA is the triangular moving average.
var TRIMA = &ta.Indicator{
	Spec: average("trima", "Triangular Moving Average",
		`The mean of the last n prices, those in the middle of the window weighing most: smooth, and late by half the window.

trima = SMA(SMA(x, ⌈n/2⌉), ⌊n/2⌋ + 1).

T. S. Chande and S. Kroll, The New Technical Trader, 1994.`, ta.Window),
	Warmup: func(a ta.Args) int { return roll.AverageLead("trima", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("trima", a.Int("period")))
	},
}
