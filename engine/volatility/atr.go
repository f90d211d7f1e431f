package volatility

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ATR is the average true range.
var ATR = &ta.Indicator{
	Spec: ta.Spec{
		Name: "atr", Title: "Average True Range", Group: ta.GroupVolatility,
		Doc: `How far prices reach in a bar, gaps between bars included.

Wilder's average over n bars of the true range, the largest of high − low, |high − close before| and |low − close before|, seeded by the mean of the first n. Over 1 bar it is the true range itself.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 1, "bars averaged")},
		Outputs: []ta.Output{{Name: "atr", Unit: ta.Price}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		average := roll.NewAverageRange(a.Int("period"))
		k := ta.NewTicking(func(in, out ta.Columns) {
			average.Next(in[0], in[1], in[2], out[0])
		}, func(high, low, close, _ float64) (atr, _, _ float64) {
			if ta.Holes(high, low, close, 0) {
				return ta.NoValues()
			}
			return average.Tick(high, low, close).GetElem(0), 0, 0
		}, average)
		return ta.Watchful(k, func(in, out ta.Columns) bool { return average.Watch(in[0], in[1], in[2], out[0]) })
	},
}
