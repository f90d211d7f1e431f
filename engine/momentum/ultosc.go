package momentum

import (
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// UltOsc is the ultimate oscillator.
var UltOsc = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ultosc", Title: "Ultimate Oscillator", Group: ta.GroupMomentum,
		Doc: `How much of the ranges was bought, over three windows at once, so that no single one decides. Above 70 is commonly read as overbought, below 30 as oversold.

100 · (4·a + 2·b + c) / 7, where a, b and c are, over the shortest, the middle and the longest window, the sum of bought divided by the sum of the true ranges, 0 where that is 0; bought = close − the lower of the low and the close before.

L. Williams, The Ultimate Oscillator, Technical Analysis of Stocks & Commodities, 1985.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("period1", 7, 1, "bars of a window"),
			ta.Bars("period2", 14, 1, "bars of another"),
			ta.Bars("period3", 28, 1, "bars of the third; their order does not matter"),
		},
		Outputs: []ta.Output{{Name: "ultosc", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return max(a.Int("period1"), a.Int("period2"), a.Int("period3")) },
	New: func(a ta.Args) ta.Kernel {
		windows := []int{a.Int("period1"), a.Int("period2"), a.Int("period3")}
		slices.Sort(windows)
		if n := windows[0]; windows[1] == 2*n && windows[2] == 4*n {
			return ultimate(roll.NewDoubled(n), roll.NewDoubled(n), roll.UltimateDoubled, roll.UltimateDoubledOf)
		}
		return ultimate(roll.NewSums(windows...), roll.NewSums(windows...), roll.Ultimate, roll.UltimateOf)
	},
}

// windowSums are the sums of three windows.
type windowSums interface {
	ta.Ticker
	Next(x []float64) (lead int)
	Tick(x float64)
}

// ultimate makes a kernel of what adds up the buying pressures and the true ranges,
// and what blends the sums of both, of columns and of a bar.
func ultimate[S windowSums](buys, reaches S, blend func(dst []float64, buys, reaches S), blendOf func(buys, reaches S) float64) ta.Kernel {
	pressure := roll.NewPressure()
	var bought, ranges [ta.Tile]float64
	next := func(lead int, osc []float64) {
		buys.Next(bought[lead:len(osc)])
		more := reaches.Next(ranges[lead:len(osc)])
		blend(osc[lead:], buys, reaches)
		roll.Blank(lead+more, osc)
	}
	k := ta.NewTicking(func(in, out ta.Columns) {
		m := len(out[0])
		next(pressure.Next(in[0], in[1], in[2], bought[:m], ranges[:m]), out[0])
	}, func(high, low, close, _ float64) (osc, _, _ float64) {
		if ta.Holes(high, low, close, 0) {
			return ta.NoValues()
		}
		bought, span := pressure.Tick(high, low, close)
		buys.Tick(bought)
		reaches.Tick(span)
		return blendOf(buys, reaches), 0, 0
	}, pressure, buys, reaches)
	return ta.Watchful(k, func(in, out ta.Columns) bool {
		m := len(out[0])
		if !pressure.Watch(in[0], in[1], in[2], bought[:m], ranges[:m]) {
			return false
		}
		next(0, out[0])
		return true
	})
}
