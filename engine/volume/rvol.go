package volume

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// RVol is the relative volume.
var RVol = &ta.Indicator{
	Spec: ta.Spec{
		Name: "rvol", Title: "Relative Volume", Group: ta.GroupVolume,
		Doc: `How often the usual volume was traded: 2 is twice as much as in the bars before. It has no value where nothing was traded in them.

volume / mean of volume over the n bars before this one.

Long in use, among day traders above all.`,
		Inputs:  []ta.Input{ta.Volume},
		Params:  []ta.Param{ta.Bars("period", 20, 1, "bars before that are averaged")},
		Outputs: []ta.Output{{Name: "rvol", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		usual, before := roll.NewMean(a.Int("period")), roll.NewLag(1)
		var mean, means [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			rvol := out[0]
			mean, means := mean[:len(rvol)], means[:len(rvol)]
			lead := usual.Next(in[0], mean)
			lead += before.Next(mean[lead:], means[lead:])
			roll.Ratio(rvol[lead:], in[0][lead:], means[lead:], math.NaN())
			roll.Blank(lead, rvol)
		}, usual, before)
	},
}
