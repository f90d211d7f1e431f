package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Vortex is the vortex indicator.
var Vortex = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vortex", Title: "Vortex Indicator", Group: ta.GroupMomentum,
		Doc: `Which way the market turns: plus_vi above minus_vi is a rise, and where they cross a trend begins or ends.

plus_vi = the sum over n bars of |high − low before|, minus_vi that of |low − high before|, each divided by the sum of the true ranges; both 0 where that is 0.

E. Botes and D. Siepman, The Vortex Indicator, Technical Analysis of Stocks & Commodities, 2010.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 1, "bars summed")},
		Outputs: []ta.Output{{Name: "plus_vi", Unit: ta.Ratio}, {Name: "minus_vi", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		vortex, reach := roll.NewVortex(), roll.NewTrueRange()
		up, down, span := roll.NewSum(n), roll.NewSum(n), roll.NewSum(n)
		var ups, downs, ranges [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			plus, minus := out[0], out[1]
			ups, downs, ranges := ups[:len(plus)], downs[:len(plus)], ranges[:len(plus)]
			vortex.Next(in[0], in[1], ups, downs)
			lead := reach.Next(in[0], in[1], in[2], ranges)
			up.Next(ups[lead:], plus[lead:])
			down.Next(downs[lead:], minus[lead:])
			lead += span.Next(ranges[lead:], ups[lead:])
			roll.Ratio(plus[lead:], plus[lead:], ups[lead:], 0)
			roll.Ratio(minus[lead:], minus[lead:], ups[lead:], 0)
			roll.Blank(lead, plus, minus)
		}, vortex, reach, up, down, span)
	},
}
