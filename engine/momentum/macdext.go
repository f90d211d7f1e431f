package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MACDExt is the MACD of any averages.
var MACDExt = &ta.Indicator{
	Spec: ta.Spec{
		Name: "macdext", Title: "MACD with Any Average", Group: ta.GroupMomentum,
		Doc: `The MACD with a kind of average for each of its three lines.

macd = MA(fast) − MA(slow), macd_signal = MA(macd, signal), macd_hist = macd − macd_signal. Both averages are seeded so that they have their first values at one bar. Periods given the wrong way round are exchanged, and their kinds with them.

G. Appel, The Moving Average Convergence-Divergence Trading Method, 1979.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("fast_period", 12, 2, "bars of the fast average"),
			ta.Choice("fast_ma_type", 0, roll.Averages, "the fast average; default is sma"),
			ta.Bars("slow_period", 26, 2, "bars of the slow average"),
			ta.Choice("slow_ma_type", 0, roll.Averages, "the slow average; default is sma"),
			ta.Bars("signal_period", 9, 1, "bars of the signal"),
			ta.Choice("signal_ma_type", 0, roll.Averages, "the average that is the signal; default is sma"),
		},
		Outputs: macdLines,
		Memory:  ta.Fading, // a window only with averages that are one, such as sma
	},
	Warmup: func(a ta.Args) int {
		return max(
			roll.AverageLead(a.Choice("fast_ma_type"), a.Int("fast_period")),
			roll.AverageLead(a.Choice("slow_ma_type"), a.Int("slow_period")),
		) + roll.AverageLead(a.Choice("signal_ma_type"), a.Int("signal_period"))
	},
	New: func(a ta.Args) ta.Kernel {
		n, fast := a.Int("fast_period"), a.Choice("fast_ma_type")
		m, slow := a.Int("slow_period"), a.Choice("slow_ma_type")
		if m < n {
			n, fast, m, slow = m, slow, n, fast
		}
		return newMACD(
			roll.NewAlignedConvergence(fast, n, slow, m),
			roll.NewAverage(a.Choice("signal_ma_type"), a.Int("signal_period")))
	},
}
