package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// QStick is the average body of the bars.
var QStick = &ta.Indicator{
	Spec: ta.Spec{
		Name: "qstick", Title: "Qstick", Group: ta.GroupMomentum,
		Doc: `Whether bars have lately closed above or below their opens, and by how much.

SMA(close − open, n).

T. S. Chande and S. Kroll, The New Technical Trader, 1994.`,
		Inputs:  []ta.Input{ta.Open, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 10, 1, "bars averaged")},
		Outputs: []ta.Output{{Name: "qstick", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		mean := roll.NewMean(a.Int("period"))
		var body [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			body := body[:len(out[0])]
			roll.Sub(body, in[1], in[0])
			mean.Next(body, out[0])
		}, mean)
	},
}
