package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// VWMACD is the volume-weighted MACD.
var VWMACD = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vwmacd", Title: "Volume-Weighted MACD", Group: ta.GroupVolume,
		Doc: `A MACD whose averages listen to the bars on which much was traded: it turns sooner than the plain one where volume is behind the turn.

vwmacd = V(fast) − V(slow), V(n) = EMA(close · volume, n) / EMA(volume, n); vwmacd_signal = EMA(vwmacd, signal), vwmacd_hist = vwmacd − vwmacd_signal. Each average is seeded by its own first n bars; where its average volume is 0 it is the close. Periods given the wrong way round are exchanged.

D. Hawkins, Volume-Weighted MACD Histogram, Technical Analysis of Stocks & Commodities, 2009.`,
		Inputs: []ta.Input{ta.Close, ta.Volume},
		Params: []ta.Param{
			ta.Bars("fast_period", 12, 1, "bars of the fast average"),
			ta.Bars("slow_period", 26, 1, "bars of the slow average"),
			ta.Bars("signal_period", 9, 1, "bars of the signal"),
		},
		Outputs: []ta.Output{
			{Name: "vwmacd", Unit: ta.Price}, {Name: "vwmacd_signal", Unit: ta.Price}, {Name: "vwmacd_hist", Unit: ta.Price},
		},
		Memory: ta.Fading,
	},
	Warmup: func(a ta.Args) int {
		return max(a.Int("fast_period"), a.Int("slow_period")) - 1 + a.Int("signal_period") - 1
	},
	New: func(a ta.Args) ta.Kernel {
		n, m := a.Int("fast_period"), a.Int("slow_period")
		fast, slow, signal := roll.NewPaid(min(n, m)), roll.NewPaid(max(n, m)), roll.NewEMA(a.Int("signal_period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			macd, line, hist := out[0], out[1], out[2]
			fast.Next(in[0], in[1], hist)
			lead := slow.Next(in[0], in[1], macd)
			roll.Sub(macd[lead:], hist[lead:], macd[lead:])
			lead += signal.Next(macd[lead:], line[lead:])
			roll.Sub(hist[lead:], macd[lead:], line[lead:])
			roll.Blank(lead, macd, line, hist)
		}, fast, slow, signal)
	},
}
