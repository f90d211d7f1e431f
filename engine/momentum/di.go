package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PlusDI is the plus directional indicator.
var PlusDI = directional("plus_di", "Plus Directional Indicator", "above", "upward")

// MinusDI is the minus directional indicator.
var MinusDI = directional("minus_di", "Minus Directional Indicator", "below", "downward")

func directional(name, title, side, way string) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupMomentum,
			Doc: `How much of what prices moved was ` + way + ` movement out of the range of the bar before.

100 · DM / TR, where TR is Wilder's sum over n bars of the true range and DM that of the directional movement: what of a bar is ` + side + ` the bar before, if that is more than what is on the other side of it, else 0. 0 where nothing moved. Over 1 bar it is DM / TR of the bar itself, not in percent, as TA-Lib has it.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
			Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
			Params:  []ta.Param{ta.Bars("period", 14, 1, "bars summed")},
			Outputs: []ta.Output{{Name: name, Unit: ta.Percent}},
			Memory:  ta.Fading,
		},
		Warmup: func(a ta.Args) int { return a.Int("period") },
		New: func(a ta.Args) ta.Kernel {
			n := a.Int("period")
			direction, reach := roll.NewDirection(), roll.NewTrueRange()
			var plus, minus, ranges [ta.Tile]float64
			moved := plus[:]
			if way == "downward" {
				moved = minus[:]
			}
			if n == 1 {
				return ta.NewKernel(func(in, out ta.Columns) {
					high, low, di := in[0], in[1], out[0]
					m := len(di)
					direction.Next(high, low, plus[:m], minus[:m])
					lead := reach.Next(high, low, in[2], ranges[:m])
					roll.Percent(di[lead:], moved[lead:m], ranges[lead:m])
					roll.Divide(di[lead:], di[lead:], 100)
					roll.Blank(lead, di)
				}, direction, reach)
			}
			movement, span := roll.NewWilderSum(n), roll.NewWilderSum(n)
			var spans [ta.Tile]float64
			return ta.NewKernel(func(in, out ta.Columns) {
				high, low, di := in[0], in[1], out[0]
				m := len(di)
				direction.Next(high, low, plus[:m], minus[:m])
				lead := reach.Next(high, low, in[2], ranges[:m])
				span.Next(ranges[lead:m], spans[lead:m])
				lead += movement.Next(moved[lead:m], di[lead:])
				roll.Percent(di[lead:], di[lead:], spans[lead:m])
				roll.Blank(lead, di)
			}, direction, reach, movement, span)
		},
	}
}
