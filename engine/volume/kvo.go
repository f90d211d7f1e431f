package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// KVO is Klinger's volume oscillator.
var KVO = &ta.Indicator{
	Spec: ta.Spec{
		Name: "kvo", Title: "Klinger Volume Oscillator", Group: ta.GroupVolume,
		Doc: `Whether money comes in or goes out, in the short run against the long run: a divergence from the price warns of a turn.

EMA(force, fast) − EMA(force, slow), both from the first force on, at the second bar. force = 100 · volume · |2 · dm / cm − 1| · trend; trend is 1 or −1 as high + low + close last rose or fell, at first 1; dm = high − low; cm is the sum of dm since the bar before the trend began; their quotient is 0 where cm is. Periods given the wrong way round are exchanged.

S. J. Klinger, Identifying Trends with Volume Analysis, Technical Analysis of Stocks & Commodities, 1997; in this form that of Tulip Indicators.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close, ta.Volume},
		Params: []ta.Param{
			ta.Bars("fast_period", 34, 1, "bars of the fast average"),
			ta.Bars("slow_period", 55, 1, "bars of the slow average"),
		},
		Outputs: []ta.Output{{Name: "kvo", Unit: ta.Quantity}},
		Memory:  ta.Fading, // the sum of ranges begins anew with each trend
	},
	Warmup: func(ta.Args) int { return 1 },
	New: func(a ta.Args) ta.Kernel {
		n, m := a.Int("fast_period"), a.Int("slow_period")
		force, steps := roll.NewKlinger(), roll.NewSteps()
		fast, slow := roll.NewGapFromFirst(min(n, m)), roll.NewGapFromFirst(max(n, m))
		var forces, step [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			kvo := out[0]
			forces, step := forces[:len(kvo)], step[:len(kvo)]
			lead := force.Next(in[0], in[1], in[2], in[3], forces)
			if lead < len(kvo) {
				steps.Next(forces[lead:], step[lead:])
				fast.Next(step[lead:], kvo[lead:])
				slow.Next(step[lead:], forces[lead:])
				roll.Sub(kvo[lead:], kvo[lead:], forces[lead:])
			}
			roll.Blank(lead, kvo)
		}, force, steps, fast, slow)
	},
}
