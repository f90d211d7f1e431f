package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// CMO is Chande's momentum oscillator, smoothed as TA-Lib has it.
var CMO = chande("cmo", "Chande Momentum Oscillator",
	`gain and loss are Wilder's averages over n bars of the steps up and down, so it is 2·RSI − 100. Chande's own sums over a window are cmou.`,
	ta.Fading, func(n int) roll.Average { return roll.NewWilder(n) })

// CMOU is Chande's momentum oscillator as he wrote it.
var CMOU = chande("cmou", "Chande Momentum Oscillator, Unsmoothed",
	`gain and loss are the sums over n bars of the steps up and down.`,
	ta.Window, func(n int) roll.Average { return roll.NewSum(n) })

func chande(name, title, of string, memory ta.Memory, average func(n int) roll.Average) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupMomentum,
			Doc: `How one-sided the recent movement was: 100 when every step was a gain, −100 when every one was a loss. Beyond 50 and −50 is commonly read as overbought and oversold.

100 · (gain − loss) / (gain + loss), 0 where nothing moved; ` + of + `

T. S. Chande and S. Kroll, The New Technical Trader, 1994.`,
			Inputs:  []ta.Input{ta.Real},
			Params:  []ta.Param{ta.Bars("period", 14, 2, "bars of movement")},
			Outputs: []ta.Output{{Name: name, Unit: ta.Percent}},
			Memory:  memory,
		},
		Warmup: func(a ta.Args) int { return a.Int("period") },
		New: func(a ta.Args) ta.Kernel {
			n := a.Int("period")
			moves, gain, loss := roll.NewMoves(), average(n), average(n)
			var ups, downs, losses [ta.Tile]float64
			return ta.NewKernel(func(in, out ta.Columns) {
				x, cmo := in[0], out[0]
				up, down, losses := ups[:len(x)], downs[:len(x)], losses[:len(x)]
				lead := moves.Next(x, up, down)
				loss.Next(down[lead:], losses[lead:])
				lead += gain.Next(up[lead:], cmo[lead:])
				roll.Balance(cmo[lead:], cmo[lead:], losses[lead:])
				roll.Blank(lead, cmo)
			}, moves, gain, loss)
		},
	}
}
