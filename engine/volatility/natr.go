package volatility

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// NATR is the normalized average true range.
var NATR = &ta.Indicator{
	Spec: ta.Spec{
		Name: "natr", Title: "Normalized Average True Range", Group: ta.GroupVolatility,
		Doc: `How far prices reach in a bar, in percent of the price, so that markets can be compared.

100 · ATR / close, 0 where the close is 0; others call it ATR % or ATRP. Over 1 bar it is the true range itself, a price and not in percent, as TA-Lib has it: so no scaling law holds for every period, and the output has no unit.

J. Forman, Cross-Market Evaluations with Normalized Average True Range, Technical Analysis of Stocks & Commodities, 2006.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 1, "bars averaged")},
		Outputs: []ta.Output{{Name: "natr", Unit: ta.None, Doc: "in percent, but over 1 bar in prices"}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		if a.Int("period") == 1 {
			return ATR.New(a)
		}
		average := roll.NewAverageRange(a.Int("period"))
		return ta.NewTicking(func(in, out ta.Columns) {
			close, natr := in[2], out[0]
			lead := average.Next(in[0], in[1], close, natr)
			roll.Percent(natr[lead:], natr[lead:], close[lead:])
		}, average.TickPercent(), average)
	},
}
