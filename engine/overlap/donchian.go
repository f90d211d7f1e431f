package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Donchian are Donchian's channels.
var Donchian = &ta.Indicator{
	Spec: ta.Spec{
		Name: "donchian", Title: "Donchian Channels", Group: ta.GroupOverlap,
		Doc: `The highest and the lowest price of the last n bars, this one among them, and the middle between them. A price that reaches a band is at its extreme.

upper = highest high, lower = lowest low, middle = (upper + lower) / 2.

R. D. Donchian, High Finance in Copper, Financial Analysts Journal, 1960.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{ta.Bars("period", 20, 2, "bars of the range")},
		Outputs: []ta.Output{
			{Name: "upper", Unit: ta.Price}, {Name: "middle", Unit: ta.Price}, {Name: "lower", Unit: ta.Price},
		},
		Memory: ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		window := roll.NewRange(a.Int("period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			upper, middle, lower := out[0], out[1], out[2]
			window.Next(in[0], in[1], upper, lower)
			roll.Middle(middle, upper, lower) // NaN before both begin
		}, window)
	},
}
