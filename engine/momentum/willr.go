package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// WillR is Williams' %R.
var WillR = &ta.Indicator{
	Spec: ta.Spec{
		Name: "willr", Title: "Williams' %R", Group: ta.GroupMomentum,
		Doc: `How far the price closes below the highest price of the last n bars: 0 at the top of their range, −100 at its bottom. Above −20 is commonly read as overbought, below −80 as oversold.

100 · (close − highest) / (highest − lowest), 0 where the range is flat.

L. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars of the range")},
		Outputs: []ta.Output{{Name: "willr", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		window := roll.NewRange(a.Int("period"))
		var high, low [ta.Tile]float64
		return ta.NewTicking(func(in, out ta.Columns) {
			willr := out[0]
			high, low := high[:len(willr)], low[:len(willr)]
			lead := window.Next(in[0], in[1], high, low)
			roll.Within(willr[lead:], in[2][lead:], high[lead:], low[lead:], high[lead:])
			roll.Blank(lead, willr)
		}, func(high, low, close, _ float64) (willr, _, _ float64) {
			if ta.Holes(high, low, close, 0) {
				return ta.NoValues()
			}
			top, bottom := roll.Lanes(window.Tick(high, low))
			return roll.WithinOf(close, top, bottom, top), 0, 0
		}, window)
	},
}
