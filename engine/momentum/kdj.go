package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// KDJ is the stochastic oscillator with its overshooting third line.
var KDJ = &ta.Indicator{
	Spec: ta.Spec{
		Name: "kdj", Title: "KDJ Stochastic", Group: ta.GroupMomentum,
		Doc: `A stochastic oscillator with a third line that runs ahead of the other two: j leaves 0 … 100 where k has turned sharply from d.

raw = 100 · (close − lowest) / (highest − lowest) over n bars, 0 where the range is flat; k = MA(raw), d = MA(k), j = 3·k − 2·d.

The stochastic is G. C. Lane's, Lane's Stochastics, Technical Analysis of Stocks & Commodities, 1984; j is of later use in Asian markets.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("fast_k_period", 9, 1, "bars of the range"),
			ta.Bars("slow_k_period", 3, 1, "bars of the average that smooths"),
			ta.Choice("slow_k_ma_type", 13, roll.Averages, "the average that smooths; default is rma, disabled does not smooth"),
			ta.Bars("slow_d_period", 3, 1, "bars of the signal"),
			ta.Choice("slow_d_ma_type", 13, roll.Averages, "the average that is the signal; default is rma"),
		},
		Outputs: []ta.Output{{Name: "k", Unit: ta.Percent}, {Name: "d", Unit: ta.Percent}, {Name: "j", Unit: ta.Percent}},
		Memory:  ta.Fading, // a window only with averages that are one, such as sma
	},
	Warmup: func(a ta.Args) int {
		return a.Int("fast_k_period") - 1 +
			roll.AverageLead(roll.KindOr(a.Choice("slow_k_ma_type"), "rma"), a.Int("slow_k_period")) +
			roll.AverageLead(roll.KindOr(a.Choice("slow_d_ma_type"), "rma"), a.Int("slow_d_period"))
	},
	New: func(a ta.Args) ta.Kernel {
		raw := newStochastic(a.Int("fast_k_period"))
		smooth := roll.NewAverage(roll.KindOr(a.Choice("slow_k_ma_type"), "rma"), a.Int("slow_k_period"))
		signal := roll.NewAverage(roll.KindOr(a.Choice("slow_d_ma_type"), "rma"), a.Int("slow_d_period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			k, d, j := out[0], out[1], out[2]
			lead := raw.next(in, d)
			lead += smooth.Next(d[lead:], k[lead:])
			lead += signal.Next(k[lead:], d[lead:])
			roll.Sub(j[lead:], k[lead:], d[lead:]) // 3·k − 2·d = k + 2·(k − d)
			roll.MulAdd(j[lead:], j[lead:], 2, k[lead:])
			roll.Blank(lead, k, d, j)
		}, raw.window, smooth, signal)
	},
}
