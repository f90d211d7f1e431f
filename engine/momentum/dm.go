package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PlusDM is the plus directional movement.
var PlusDM = directionalMovement("plus_dm", "Plus Directional Movement", "above", "upward")

// MinusDM is the minus directional movement.
var MinusDM = directionalMovement("minus_dm", "Minus Directional Movement", "below", "downward")

func directionalMovement(name, title, side, way string) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupMomentum,
			Doc: `How far prices have lately moved ` + way + ` out of the range of the bar before.

Wilder's sum over n bars of what of a bar is ` + side + ` the bar before, if that is more than what is on the other side of it, else 0. It begins with the plain sum of the first n − 1. Over 1 bar it is the movement of the bar itself.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
			Inputs:  []ta.Input{ta.High, ta.Low},
			Params:  []ta.Param{ta.Bars("period", 14, 1, "bars summed")},
			Outputs: []ta.Output{{Name: name, Unit: ta.Price}},
			Memory:  ta.Fading,
		},
		Warmup: func(a ta.Args) int { return max(a.Int("period")-1, 1) },
		New: func(a ta.Args) ta.Kernel {
			direction, sum := roll.NewDirection(), roll.NewWilderSumFromSeed(a.Int("period"))
			var plus, minus [ta.Tile]float64
			moved := plus[:]
			if way == "downward" {
				moved = minus[:]
			}
			return ta.NewKernel(func(in, out ta.Columns) {
				dm := out[0]
				m := len(dm)
				lead := direction.Next(in[0], in[1], plus[:m], minus[:m])
				lead += sum.Next(moved[lead:m], dm[lead:])
				roll.Blank(lead, dm)
			}, direction, sum)
		},
	}
}
