package volatility

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// RVI is the relative volatility index.
var RVI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "rvi", Title: "Relative Volatility Index", Group: ta.GroupVolatility,
		Doc: `How much of the volatility is there while prices rise: an RSI of the standard deviation. Above 50 it is commonly read as confirming a signal to buy, below as one to sell.

100 · up / (up + down), where up is Wilder's average over n bars of σ on bars that close above the bar before, down on those that close below it, and σ the population's standard deviation of the last m prices; 50 where both are 0.

D. Dorsey, The Relative Volatility Index, Technical Analysis of Stocks & Commodities, 1993.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 14, 1, "bars averaged"),
			ta.Bars("stddev_period", 10, 2, "bars of the standard deviation"),
		},
		Outputs: []ta.Output{{Name: "rvi", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("stddev_period") - 1 + a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		spread, signed := roll.NewDeviation(a.Int("stddev_period")), roll.NewSigned()
		up, down := roll.NewWilder(n), roll.NewWilder(n)
		var rising, falling, below, still [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			rvi := out[0]
			rising, falling, below := rising[:len(rvi)], falling[:len(rvi)], below[:len(rvi)]
			lead := spread.Next(in[0], rising, falling)
			signed.Next(in[0], falling, below)
			roll.Split(rising[lead:], falling[lead:], still[lead:len(rvi)], below[lead:])
			down.Next(falling[lead:], below[lead:])
			lead += up.Next(rising[lead:], rvi[lead:])
			roll.Share(rvi[lead:], rvi[lead:], below[lead:], 50)
			roll.Blank(lead, rvi)
		}, spread, signed, up, down)
	},
}
