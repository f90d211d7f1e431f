package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Coppock is the Coppock curve.
var Coppock = &ta.Indicator{
	Spec: ta.Spec{
		Name: "coppock", Title: "Coppock Curve", Group: ta.GroupMomentum,
		Doc: `A smooth measure of long-term momentum, made for monthly bars: a turn upward from below 0 was its author's signal to buy.

WMA(ROC(x, n1) + ROC(x, n2)), ROC(x, n) = 100 · (x / x[n bars before] − 1), 0 where the price before is 0.

E. S. C. Coppock, Practical Relative Strength Charting, 1962.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("wma_period", 10, 1, "bars averaged"),
			ta.Bars("roc1_period", 11, 1, "bars looked back"),
			ta.Bars("roc2_period", 14, 1, "bars looked back, too"),
		},
		Outputs: []ta.Output{{Name: "coppock", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int {
		return max(a.Int("roc1_period"), a.Int("roc2_period")) + a.Int("wma_period") - 1
	},
	New: func(a ta.Args) ta.Kernel {
		one, two, smooth := roll.NewLag(a.Int("roc1_period")), roll.NewLag(a.Int("roc2_period")), roll.NewWMA(a.Int("wma_period"))
		var first, second [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			x, curve := in[0], out[0]
			first, second := first[:len(x)], second[:len(x)]
			lead := max(one.Compare(x, first, roll.Change), two.Compare(x, second, roll.Change))
			roll.Add(first[lead:], first[lead:], second[lead:])
			lead += smooth.Next(first[lead:], curve[lead:])
			roll.Blank(lead, curve)
		}, one, two, smooth)
	},
}
