package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PMO is the price momentum oscillator.
var PMO = &ta.Indicator{
	Spec: ta.Spec{
		Name: "pmo", Title: "Price Momentum Oscillator", Group: ta.GroupMomentum,
		Doc: `The daily change of the price, smoothed twice, so that markets of any price can be compared and ranked. A cross of its signal, or of 0, is read as a turn.

pmo = S(10 · S(100 · (x / x[1 bar before] − 1), first), second), pmo_signal = EMA(pmo, signal). S(y, n) has the weight 2 / n, where an EMA has 2 / (n + 1), and is seeded by the mean of the first n; the change is 0 where the price before is 0.

C. Swenlin, DecisionPoint, as described in StockCharts' ChartSchool.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("first_period", 35, 2, "bars of the first smoothing"),
			ta.Bars("second_period", 20, 2, "bars of the second smoothing"),
			ta.Bars("signal_period", 10, 1, "bars of the signal"),
		},
		Outputs: []ta.Output{{Name: "pmo", Unit: ta.Percent}, {Name: "pmo_signal", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int {
		return 1 + a.Int("first_period") - 1 + a.Int("second_period") - 1 + a.Int("signal_period") - 1
	},
	New: func(a ta.Args) ta.Kernel {
		n, m := a.Int("first_period"), a.Int("second_period")
		before := roll.NewLag(1)
		first, second := roll.NewEMAOfWeight(n, 2/float64(n)), roll.NewEMAOfWeight(m, 2/float64(m))
		signal := roll.NewEMA(a.Int("signal_period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			pmo, line := out[0], out[1]
			lead := before.Compare(in[0], pmo, roll.Change)
			lead += first.Next(pmo[lead:], line[lead:])
			roll.Scale(line[lead:], line[lead:], 10)
			lead += second.Next(line[lead:], pmo[lead:])
			lead += signal.Next(pmo[lead:], line[lead:])
			roll.Blank(lead, pmo, line)
		}, before, first, second, signal)
	},
}
