package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// RMA is Wilder's moving average.
var RMA = &ta.Indicator{
	Spec: average("rma", "Wilder's Smoothed Moving Average",
		`The exponential average of Wilder's indicators, RSI, ATR and ADX among them: slower than an EMA over as many bars.

rma += 1/n · (x − rma), starting from the mean of the first n prices.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`, ta.Fading),
	Warmup: func(a ta.Args) int { return roll.AverageLead("rma", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage("rma", a.Int("period")))
	},
}
