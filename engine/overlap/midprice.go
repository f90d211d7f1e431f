package overlap

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// MidPrice is the middle of the bars' range.
var MidPrice = &ta.Indicator{
	Spec: ta.Spec{
		Name: "midprice", Title: "Midpoint Price over Period", Group: ta.GroupOverlap,
		Doc: `The middle between the highest high and the lowest low of the last n bars.

(highest + lowest) / 2.

Long in use; the lines of the Ichimoku chart, G. Hosoda, 1969, are such middles.`,
		Inputs:  []ta.Input{ta.High, ta.Low},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars of the range")},
		Outputs: []ta.Output{{Name: "midprice", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New:    func(a ta.Args) ta.Kernel { return middles(a.Int("period"), 0, 1) },
}
