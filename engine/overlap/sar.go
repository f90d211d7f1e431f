package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// SAR is the parabolic stop and reverse.
var SAR = &ta.Indicator{
	Spec: ta.Spec{
		Name: "sar", Title: "Parabolic SAR", Group: ta.GroupOverlap,
		Doc: `Where a position that is always in the market is stopped and reversed: below the price in a rise, above it in a fall, and closing in the faster the longer the move lasts.

Each bar sar += a · (best − sar), where best is the highest high of a long position, or the lowest low of a short one, and a begins at acceleration and grows by it with each new best price, up to maximum. It never enters the range of the last two bars. A bar that reaches it reverses the position, with best as the new stop. The first position is short if the second bar leaves the range of the first one below more than above.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{
			ta.Number("acceleration", 0.02, 0, 3e37, "the part of the distance at first, and what it grows by"),
			ta.Number("maximum", 0.2, 0, 3e37, "the largest part; also of acceleration"),
		},
		Outputs: []ta.Output{{Name: "sar", Unit: ta.Price}},
		Memory:  ta.Fading, // two that began differently are one after some reversals
	},
	Warmup: func(ta.Args) int { return 1 },
	New: func(a ta.Args) ta.Kernel {
		step := a.Float("acceleration")
		speed := roll.Acceleration{First: step, Step: step, Limit: a.Float("maximum")}
		return stops(roll.NewParabolic(0, 0, speed, speed, false))
	},
}

func stops(stop *roll.Parabolic) ta.Kernel {
	return ta.NewTicking(func(in, out ta.Columns) { stop.Next(in[0], in[1], out[0]) },
		func(high, low, _, _ float64) (sar, _, _ float64) {
			if ta.Holes(high, low, 0, 0) {
				return ta.NoValues()
			}
			return stop.Tick(high, low), 0, 0
		}, stop)
}
