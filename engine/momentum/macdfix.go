package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MACDFix is the MACD of 12 and 26 bars.
var MACDFix = &ta.Indicator{
	Spec: ta.Spec{
		Name: "macdfix", Title: "MACD Fix 12/26", Group: ta.GroupMomentum,
		Doc: `The MACD as it was first published: averages of about 12 and 26 bars, with the rounded weights that were easy on paper.

macd = fast − slow, exponential averages of weights 0.15 and 0.075, seeded by the means of 12 and 26 bars at the bar where the slow one has its first value; macd_signal = EMA(macd, signal), macd_hist = macd − macd_signal.

G. Appel, The Moving Average Convergence-Divergence Trading Method, 1979.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("signal_period", 9, 1, "bars of the signal")},
		Outputs: macdLines,
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return 26 - 1 + a.Int("signal_period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		fast, slow := roll.NewDistanceOfWeight(12, 0.15), roll.NewDistanceOfWeight(26, 0.075)
		return newMACD(roll.NewConvergenceOf(fast, 12-1, slow, 26-1), roll.NewEMA(a.Int("signal_period")))
	},
}
