package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ROC is the rate of change.
var ROC = change("roc", "Rate of Change",
	`How many percent the price is above or below that of n bars before.

100 · (x − x[n bars before]) / x[n bars before], 0 where the price before is 0.`, ta.Percent, roll.Change, roll.ChangeOf)

// ROCP is the rate of change as a part.
var ROCP = change("rocp", "Rate of Change Part",
	`How much the price is above or below that of n bars before, as a part of it: 0.01 for one percent.

(x − x[n bars before]) / x[n bars before], 0 where the price before is 0.`, ta.Ratio, roll.Growth, roll.GrowthOf)

// ROCR is the ratio of change.
var ROCR = change("rocr", "Rate of Change Ratio",
	`How many times that of n bars before the price is: 1 where it is the same.

x / x[n bars before], 0 where the price before is 0.`, ta.Ratio,
	func(dst, x, before []float64) { roll.Ratio(dst, x, before, 0) },
	func(x, before float64) float64 { return roll.RatioOf(x, before, 0) })

// ROCR100 is the ratio of change in percent.
var ROCR100 = change("rocr100", "Rate of Change Ratio, 100 Scale",
	`How many percent of that of n bars before the price is: 100 where it is the same.

100 · x / x[n bars before], 0 where the price before is 0.`, ta.Percent, roll.Percent, roll.PercentOf)

func change(name, title, doc string, unit ta.Unit, op func(dst, x, before []float64), of func(x, before float64) float64) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupMomentum,
			Doc: doc + `

Long in use; J. J. Murphy, Technical Analysis of the Futures Markets, 1986.`,
			Inputs:  []ta.Input{ta.Real},
			Params:  []ta.Param{ta.Bars("period", 10, 1, "bars looked back")},
			Outputs: []ta.Output{{Name: name, Unit: unit}},
			Memory:  ta.Window,
		},
		Warmup: func(a ta.Args) int { return a.Int("period") },
		New: func(a ta.Args) ta.Kernel {
			lag := roll.NewLag(a.Int("period"))
			return ta.NewTicking(func(in, out ta.Columns) {
				lag.Compare(in[0], out[0], op)
			}, func(x, _, _, _ float64) (roc, _, _ float64) {
				if ta.Hole(x) {
					return ta.NoValues()
				}
				return of(x, lag.Tick(x)), 0, 0
			}, lag)
		},
	}
}
