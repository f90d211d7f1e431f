package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// StochRSI is the stochastic oscillator of the RSI.
var StochRSI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "stochrsi", Title: "Stochastic RSI", Group: ta.GroupMomentum,
		Doc: `Where the RSI is in its own recent range: quicker to reach its ends than the RSI itself. Above 80 is commonly read as overbought, below 20 as oversold.

fast_k = 100 · (RSI − lowest) / (highest − lowest) of the last n RSI, 0 where their range is flat; fast_d = MA(fast_k).

T. S. Chande and S. Kroll, The New Technical Trader, 1994.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 14, 2, "bars of the RSI"),
			ta.Bars("fast_k_period", 5, 1, "bars of the range"),
			ta.Bars("fast_d_period", 3, 1, "bars of the signal"),
			ta.Choice("fast_d_ma_type", 0, roll.Averages, "the average that is the signal; default is sma"),
		},
		Outputs: []ta.Output{{Name: "fast_k", Unit: ta.Percent}, {Name: "fast_d", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int {
		return a.Int("period") + a.Int("fast_k_period") - 1 +
			roll.AverageLead(a.Choice("fast_d_ma_type"), a.Int("fast_d_period"))
	},
	New: func(a ta.Args) ta.Kernel {
		rsi, raw := roll.NewStrength(a.Int("period")), newStochastic(a.Int("fast_k_period"))
		signal := roll.NewAverage(a.Choice("fast_d_ma_type"), a.Int("fast_d_period"))
		bars := make(ta.Columns, 3) // of an RSI, high, low and close are one
		return ta.NewKernel(func(in, out ta.Columns) {
			k, d := out[0], out[1]
			lead := rsi.Next(in[0], d)
			bars[0], bars[1], bars[2] = d[lead:], d[lead:], d[lead:]
			lead += raw.next(bars, k[lead:])
			lead += signal.Next(k[lead:], d[lead:])
			roll.Blank(lead, k, d)
		}, rsi, raw.window, signal)
	},
}
