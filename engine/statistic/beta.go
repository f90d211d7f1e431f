package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Beta is how strongly one series answers another.
var Beta = &ta.Indicator{
	Spec: ta.Spec{
		Name: "beta", Title: "Beta", Group: ta.GroupStatistic,
		Doc: `How strongly the second series moves when the first one does: with the index as the first and a share as the second, 1 for a share that moves as the market does, above 1 for one that moves more.

Σ(r − mean(r)) · (s − mean(s)) / Σ(r − mean(r))² over n bars, where r and s are the rates of growth x / x[1 bar before] − 1 of the first and the second series, 0 after a price of 0; 0 where the first does not move.

W. F. Sharpe, Capital Asset Prices, The Journal of Finance, 1964.`,
		Inputs:  []ta.Input{ta.Real0, ta.Real1},
		Params:  []ta.Param{ta.Bars("period", 5, 1, "steps in the sample")},
		Outputs: []ta.Output{{Name: "beta", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		first, second, joint := roll.NewLag(1), roll.NewLag(1), roll.NewJoint(a.Int("period"))
		var r, s, rr, ss [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			beta := out[0]
			r, s, rr, ss := r[:len(beta)], s[:len(beta)], rr[:len(beta)], ss[:len(beta)]
			first.Compare(in[0], r, roll.Growth)
			lead := second.Compare(in[1], s, roll.Growth)
			lead += joint.Next(r[lead:], s[lead:], rr[lead:], ss[lead:], beta[lead:])
			roll.Ratio(beta[lead:], beta[lead:], rr[lead:], 0)
			roll.Blank(lead, beta)
		}, first, second, joint)
	},
}
