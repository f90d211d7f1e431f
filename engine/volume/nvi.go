package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// NVI is the negative volume index.
var NVI = compound("nvi", "Negative Volume Index", "below", roll.NewFalling,
	"What the price did on quiet days, which are said to be those of people who know.")

// PVI is the positive volume index.
var PVI = compound("pvi", "Positive Volume Index", "above", roll.NewRising,
	"What the price did on busy days, which are said to be those of the crowd.")

func compound(name, title, side string, of func(first float64) *roll.Compound, doc string) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupVolume,
			Doc: doc + ` Its level depends on where the series begins, so only its changes mean something.

It begins with 1000 and is multiplied by close / close[1 bar before] on bars whose volume is ` + side + ` that of the bar before; on the others, and after a price of 0, it stays.

P. L. Dysart, 1936; N. G. Fosback, Stock Market Logic, 1976.`,
			Inputs:  []ta.Input{ta.Close, ta.Volume},
			Outputs: []ta.Output{{Name: name, Unit: ta.Ratio}},
			Memory:  ta.Running,
		},
		Warmup: func(ta.Args) int { return 0 },
		New: func(ta.Args) ta.Kernel {
			index := of(1000)
			return ta.NewKernel(func(in, out ta.Columns) { index.Next(in[0], in[1], out[0]) }, index)
		},
	}
}
