package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// VHF is the vertical horizontal filter.
var VHF = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vhf", Title: "Vertical Horizontal Filter", Group: ta.GroupMomentum,
		Doc: `Whether the price trends or goes sideways: the range of the window as a part of the way that was gone in it. High values say trend.

(highest − lowest of the last n prices) / the sum of the last n |steps|, 0 where nothing moved.

A. White, The Vertical Horizontal Filter, Futures, 1991.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 28, 2, "bars of the window")},
		Outputs: []ta.Output{{Name: "vhf", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		window, way := roll.NewRange(n), newWay(n)
		var high, low [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			x, vhf := in[0], out[0]
			high, low := high[:len(x)], low[:len(x)]
			window.Next(x, x, high, low)
			lead := way.next(x, vhf)
			roll.Sub(high[lead:], high[lead:], low[lead:])
			roll.Ratio(vhf[lead:], high[lead:], vhf[lead:], 0)
		}, window, way.steps, way.first, way.sum)
	},
}
