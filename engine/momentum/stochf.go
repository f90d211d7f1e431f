package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// StochF is the fast stochastic oscillator.
var StochF = &ta.Indicator{
	Spec: ta.Spec{
		Name: "stochf", Title: "Stochastic Fast", Group: ta.GroupMomentum,
		Doc: `Where the price closes in the range of the last n bars, and the average of that as its signal: the stochastic oscillator before it is smoothed.

fast_k = 100 · (close − lowest) / (highest − lowest), 0 where the range is flat; fast_d = MA(fast_k).

G. C. Lane, Lane's Stochastics, Technical Analysis of Stocks & Commodities, 1984.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("fast_k_period", 5, 1, "bars of the range"),
			ta.Bars("fast_d_period", 3, 1, "bars of the signal"),
			ta.Choice("fast_d_ma_type", 0, roll.Averages, "the average that is the signal; default is sma"),
		},
		Outputs: []ta.Output{{Name: "fast_k", Unit: ta.Percent}, {Name: "fast_d", Unit: ta.Percent}},
		Memory:  ta.Fading, // a window only with averages that are one, such as sma
	},
	Warmup: func(a ta.Args) int {
		return a.Int("fast_k_period") - 1 + roll.AverageLead(a.Choice("fast_d_ma_type"), a.Int("fast_d_period"))
	},
	New: func(a ta.Args) ta.Kernel {
		raw := newStochastic(a.Int("fast_k_period"))
		signal := roll.NewAverage(a.Choice("fast_d_ma_type"), a.Int("fast_d_period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			k, d := out[0], out[1]
			lead := raw.next(in, k)
			lead += signal.Next(k[lead:], d[lead:])
			roll.Blank(lead, k, d)
		}, raw.window, signal)
	},
}
