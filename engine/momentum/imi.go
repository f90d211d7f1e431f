package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// IMI is the intraday momentum index.
var IMI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "imi", Title: "Intraday Momentum Index", Group: ta.GroupMomentum,
		Doc: `How much of what bars moved from open to close was upward: an RSI of the bars themselves, gaps between them left out. Above 70 is commonly read as overbought, below 30 as oversold.

100 · up / (up + down), where up and down are the sums over n bars of close − open on bars that rose and of open − close on bars that fell; 50 where none moved.

T. S. Chande and S. Kroll, The New Technical Trader, 1994.`,
		Inputs:  []ta.Input{ta.Open, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars summed")},
		Outputs: []ta.Output{{Name: "imi", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		gain, loss := roll.NewSum(a.Int("period")), roll.NewSum(a.Int("period"))
		var up, down, losses [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			imi := out[0]
			up, down, losses := up[:len(imi)], down[:len(imi)], losses[:len(imi)]
			roll.Split(up, down, in[0], in[1])
			gain.Next(up, imi)
			lead := loss.Next(down, losses)
			roll.Share(imi[lead:], imi[lead:], losses[lead:], 50)
		}, gain, loss)
	},
}
