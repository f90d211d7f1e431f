package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Chandelier is the chandelier exit.
var Chandelier = &ta.Indicator{
	Spec: ta.Spec{
		Name: "chandelier", Title: "Chandelier Exit", Group: ta.GroupOverlap,
		Doc: `Stops that hang from the best price of late, like a chandelier from the ceiling, some true ranges away: who is long leaves where the price closes below long_exit, who is short where it closes above short_exit.

long_exit = highest high of n bars − multiplier · ATR(n), short_exit = lowest low of n bars + multiplier · ATR(n), where ATR is Wilder's average of the true range. This bar is one of the n. The exits are not kept from giving way; supertrend's are.

C. Le Beau; A. Elder, Come Into My Trading Room, 2002.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("period", 22, 1, "bars of the range and of the average true range"),
			ta.Number("multiplier", 3, 0, 3e37, "average true ranges from the best price to an exit"),
		},
		Outputs: []ta.Output{{Name: "long_exit", Unit: ta.Price}, {Name: "short_exit", Unit: ta.Price}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n, far := a.Int("period"), a.Float("multiplier")
		highest, lowest, average := roll.NewMax(n), roll.NewMin(n), roll.NewAverageRange(n)
		var spread [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			long, short := out[0], out[1]
			spread := spread[:len(long)]
			lead := average.Next(in[0], in[1], in[2], spread)
			highest.Next(in[0], long)
			lowest.Next(in[1], short)
			roll.MulAdd(long[lead:], spread[lead:], -far, long[lead:])
			roll.MulAdd(short[lead:], spread[lead:], far, short[lead:])
			roll.Blank(lead, long, short)
		}, highest, lowest, average)
	},
}
