package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// AC is the accelerator oscillator.
var AC = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ac", Title: "Accelerator/Decelerator Oscillator", Group: ta.GroupMomentum,
		Doc: `Whether the awesome oscillator is above or below its own average: momentum turns before prices do, and its acceleration before that.

AO − SMA(AO, signal).

B. Williams, New Trading Dimensions, 1998.`,
		Inputs:  []ta.Input{ta.High, ta.Low},
		Params:  append(awesomePeriods[:2:2], ta.Bars("signal_period", 5, 2, "bars of the average of the oscillator")),
		Outputs: []ta.Output{{Name: "ac", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return awesomeLead(a) + a.Int("signal_period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		awesome, signal := newAwesome(a), roll.NewMean(a.Int("signal_period"))
		var ao [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			ac := out[0]
			ao := ao[:len(ac)]
			lead := awesome.next(in, ao)
			lead += signal.Next(ao[lead:], ac[lead:])
			roll.Sub(ac[lead:], ao[lead:], ac[lead:])
			roll.Blank(lead, ac)
		}, awesome.means, signal)
	},
}
