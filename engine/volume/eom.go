package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// EOM is Arms's ease of movement.
var EOM = &ta.Indicator{
	Spec: ta.Spec{
		Name: "eom", Title: "Ease of Movement", Group: ta.GroupVolume,
		Doc: `How easily the price moves: far above 0 where it rises on little volume, far below where it falls on little, near 0 where much is traded and nothing moves.

The mean over n bars of divisor · step · (high − low) / volume, the step being the bar's middle, (high + low) / 2, less that of the bar before; 0 where there is no volume. It is a price squared for a volume, so the output has no unit. The divisor only makes the figures handy: 10,000 is common, and 100,000,000 for stocks. Over 1 bar it is Tulip's emv.

R. W. Arms Jr., Profits in Volume, 1971.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Volume},
		Params: []ta.Param{
			ta.Bars("period", 14, 1, "bars averaged"),
			ta.Number("divisor", 10_000, 1e-9, 1e12, "what the volume is divided by"),
		},
		Outputs: []ta.Output{{Name: "eom", Unit: ta.None, Doc: "in squared prices a unit of volume, times the divisor"}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		up, down, average := roll.NewLag(1), roll.NewLag(1), roll.NewMean(a.Int("period"))
		divisor := a.Float("divisor")
		var part, ease [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			eom := out[0]
			part, ease := part[:len(eom)], ease[:len(eom)]
			// The step of the middle from those of both ends, which no rounding spoils.
			lead := up.Compare(in[0], ease, roll.Sub)
			down.Compare(in[1], part, roll.Sub)
			roll.Middle(ease, ease, part)
			roll.Sub(part, in[0], in[1])
			roll.Mul(ease, ease, part)
			roll.Scale(ease, ease, divisor)
			roll.Ratio(ease, ease, in[2], 0)
			lead += average.Next(ease[lead:], eom[lead:])
			roll.Blank(lead, eom)
		}, up, down, average)
	},
}
