package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MidPoint is the middle of the prices' range.
var MidPoint = &ta.Indicator{
	Spec: ta.Spec{
		Name: "midpoint", Title: "Midpoint over Period", Group: ta.GroupOverlap,
		Doc: `The middle between the highest and the lowest of the last n prices.

(highest + lowest) / 2.

Long in use; the lines of the Ichimoku chart, G. Hosoda, 1969, are such middles.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars of the range")},
		Outputs: []ta.Output{{Name: "midpoint", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New:    func(a ta.Args) ta.Kernel { return middles(a.Int("period"), 0, 0) },
}

// middles is the kernel of the middles of the range of two inputs, which may be
// the same one.
func middles(n, high, low int) ta.Kernel {
	window := roll.NewRange(n)
	var bottom [ta.Tile]float64
	return ta.NewKernel(func(in, out ta.Columns) {
		middle := out[0]
		bottom := bottom[:len(middle)]
		lead := window.Next(in[high], in[low], middle, bottom)
		roll.Middle(middle[lead:], middle[lead:], bottom[lead:])
	}, window)
}
