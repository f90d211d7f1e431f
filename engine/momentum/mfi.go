package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MFI is the money flow index.
var MFI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "mfi", Title: "Money Flow Index", Group: ta.GroupMomentum,
		Doc: `How much of the money that changed hands did so at rising prices: an RSI weighted by volume, over a window instead of an average that fades. Above 80 is commonly read as overbought, below 20 as oversold.

100 · in / (in + out), where in and out are the sums over n bars of price · volume on bars whose price (high + low + close) / 3 is above that of the bar before, and below it; 0 where nothing moved.

G. Quong and A. Soudack, Volume-Weighted RSI: Money Flow, Technical Analysis of Stocks & Commodities, 1989.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close, ta.Volume},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars summed")},
		Outputs: []ta.Output{{Name: "mfi", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		flow, in, out := roll.NewFlow(), roll.NewSum(n), roll.NewSum(n)
		var price, gained, lost [ta.Tile]float64
		// Three times the price: a third of it on both sides of the quotient is nothing
		// but rounding.
		typical := func(bars ta.Columns) []float64 {
			price := price[:len(bars[0])]
			roll.Add(price, bars[0], bars[1])
			roll.Add(price, price, bars[2])
			return price
		}
		finish := func(lead int, mfi []float64) {
			losses := price[:len(mfi)]
			out.Next(lost[lead:len(mfi)], losses[lead:])
			lead += in.Next(gained[lead:len(mfi)], mfi[lead:])
			roll.Share(mfi[lead:], mfi[lead:], losses[lead:], 0)
			roll.Blank(lead, mfi)
		}
		k := ta.NewTicking(func(bars, results ta.Columns) {
			m := len(results[0])
			finish(flow.Next(typical(bars), bars[3], gained[:m], lost[:m]), results[0])
		}, func(high, low, close, volume float64) (mfi, _, _ float64) {
			if ta.Holes(high, low, close, volume) {
				return ta.NoValues()
			}
			gained, lost := flow.Tick(high+low+close, volume)
			return roll.ShareOf(in.Tick(gained), out.Tick(lost), 0), 0, 0
		}, flow, in, out)
		return ta.Watchful(k, func(bars, results ta.Columns) bool {
			m := len(results[0])
			ok := flow.Watch(typical(bars), bars[3], gained[:m], lost[:m])
			if ok {
				finish(0, results[0])
			}
			return ok
		})
	},
}
