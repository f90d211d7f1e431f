package volatility

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MassI is the mass index.
var MassI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "massi", Title: "Mass Index", Group: ta.GroupVolatility,
		Doc: `Whether bars are growing wider, whichever way prices go. A bulge above 27 that falls below 26.5 again is commonly read as a reversal.

The sum over m bars of e / EMA(e), where e is the EMA of high − low, both over n bars; the quotient is 1 where it would be 0 / 0.

D. Dorsey, The Mass Index, Technical Analysis of Stocks & Commodities, 1992.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{
			ta.Bars("fast_period", 9, 2, "bars of both averages"),
			ta.Bars("slow_period", 25, 2, "bars summed"),
		},
		Outputs: []ta.Output{{Name: "massi", Unit: ta.Ratio}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return 2*(a.Int("fast_period")-1) + a.Int("slow_period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("fast_period")
		once, twice, total := roll.NewEMA(n), roll.NewEMA(n), roll.NewSum(a.Int("slow_period"))
		var widths, averages [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			massi := out[0]
			widths, averages := widths[:len(massi)], averages[:len(massi)]
			roll.Sub(averages, in[0], in[1])
			lead := once.Next(averages, widths)
			lead += twice.Next(widths[lead:], averages[lead:])
			roll.Ratio(widths[lead:], widths[lead:], averages[lead:], 1)
			lead += total.Next(widths[lead:], massi[lead:])
			roll.Blank(lead, massi)
		}, once, twice, total)
	},
}
