package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// EFI is Elder's force index.
var EFI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "efi", Title: "Elder's Force Index", Group: ta.GroupVolume,
		Doc: `How hard the market pushes: the step of the price, times the volume that it took.

The EMA over n bars of (close − close[1 bar before]) · volume. It is a price times a volume, so the output has no unit.

A. Elder, Trading for a Living, 1993.`,
		Inputs:  []ta.Input{ta.Close, ta.Volume},
		Params:  []ta.Param{ta.Bars("period", 13, 1, "bars averaged; 1 gives the force of each bar")},
		Outputs: []ta.Output{{Name: "efi", Unit: ta.None, Doc: "in prices times volumes"}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		before, average := roll.NewLag(1), roll.NewEMA(a.Int("period"))
		var force [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			efi := out[0]
			force := force[:len(efi)]
			lead := before.Compare(in[0], force, roll.Sub)
			roll.Mul(force, force, in[1])
			lead += average.Next(force[lead:], efi[lead:])
			roll.Blank(lead, efi)
		}, before, average)
	},
}
