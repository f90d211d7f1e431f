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
	New: func(a ta.Args) ta.Kernel {
		window := newWindow(a.Int("period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			window.middle(in[0], in[0], out[0])
		}, window.highest, window.lowest)
	},
}

// window is the range of the last n bars.
type window struct {
	highest, lowest *roll.Extremum
	low             [ta.Tile]float64
}

func newWindow(n int) *window { return &window{highest: roll.NewMax(n), lowest: roll.NewMin(n)} }

// middle sets out to the middles of the ranges.
func (w *window) middle(high, low, out []float64) {
	lowest := w.low[:len(out)]
	w.highest.Next(high, out)
	lead := w.lowest.Next(low, lowest)
	roll.Middle(out[lead:], out[lead:], lowest[lead:])
}
