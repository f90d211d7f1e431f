package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// SMI is the stochastic momentum index.
var SMI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "smi", Title: "Stochastic Momentum Index", Group: ta.GroupMomentum,
		Doc: `Where the price closes from the middle of the last n bars' range: 100 at its top, −100 at its bottom, smoothed twice. Above 40 is commonly read as overbought, below −40 as oversold.

smi = 200 · S(close − (highest + lowest) / 2) / S(highest − lowest), 0 where that is 0; S(y) = EMA(EMA(y, slow), fast); smi_signal = EMA(smi, signal).

W. Blau, Stochastic Momentum, Technical Analysis of Stocks & Commodities, 1993.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("period", 13, 2, "bars of the range"),
			ta.Bars("fast_period", 2, 2, "bars of the second smoothing"),
			ta.Bars("slow_period", 25, 2, "bars of the first smoothing"),
			ta.Bars("signal_period", 9, 2, "bars of the signal"),
		},
		Outputs: []ta.Output{{Name: "smi", Unit: ta.Percent}, {Name: "smi_signal", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int {
		return a.Int("period") - 1 + a.Int("slow_period") - 1 + a.Int("fast_period") - 1 + a.Int("signal_period") - 1
	},
	New: func(a ta.Args) ta.Kernel {
		n, slow, fast := a.Int("period"), a.Int("slow_period"), a.Int("fast_period")
		window, signal := roll.NewRange(n), roll.NewEMA(a.Int("signal_period"))
		above, reach := newTwice(slow, fast), newTwice(slow, fast)
		var high, low [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			smi, line := out[0], out[1]
			high, low := high[:len(smi)], low[:len(smi)]
			lead := window.Next(in[0], in[1], high, low)
			// Twice the distance from the middle, which is the sum of those from both
			// ends: the middle itself is rounded, by much of a range of few ticks.
			roll.Sub(line[lead:], in[2][lead:], high[lead:])
			roll.Sub(smi[lead:], in[2][lead:], low[lead:])
			roll.Add(line[lead:], line[lead:], smi[lead:])
			roll.Sub(high[lead:], high[lead:], low[lead:])
			reach.next(high[lead:], low[lead:])
			lead += above.next(line[lead:], smi[lead:])
			roll.Percent(smi[lead:], smi[lead:], low[lead:])
			lead += signal.Next(smi[lead:], line[lead:])
			roll.Blank(lead, smi, line)
		}, window, above.first, above.second, reach.first, reach.second, signal)
	},
}

// twice is an exponential average of an exponential average.
type twice struct {
	first, second *roll.Recurrence
	between       [ta.Tile]float64
}

func newTwice(n, m int) *twice { return &twice{first: roll.NewEMA(n), second: roll.NewEMA(m)} }

func (t *twice) next(x, out []float64) int {
	between := t.between[:len(x)]
	lead := t.first.Next(x, between)
	return lead + t.second.Next(between[lead:], out[lead:])
}
