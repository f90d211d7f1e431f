package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// OBV is the on-balance volume.
var OBV = &ta.Indicator{
	Spec: ta.Spec{
		Name: "obv", Title: "On-Balance Volume", Group: ta.GroupVolume,
		Doc: `What has been bought since the first bar, less what has been sold. Its level means nothing, as it depends on where the series begins; its slope, and where it parts from the price's, does.

The total of the volumes of bars that close above the bar before, less those of bars that close below it. It begins with the first bar's volume.

J. E. Granville, Granville's New Key to Stock Market Profits, 1963.`,
		Inputs:  []ta.Input{ta.Real, ta.Volume},
		Outputs: []ta.Output{{Name: "obv", Unit: ta.Quantity}},
		Memory:  ta.Running,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(ta.Args) ta.Kernel {
		signed, total := roll.NewSigned(), roll.NewWholeTotal()
		var volumes [ta.Tile]float64
		return ta.NewTicking(func(in, out ta.Columns) {
			volumes := volumes[:len(out[0])]
			signed.Next(in[0], in[1], volumes)
			total.Next(volumes, out[0])
		}, func(x, volume, _, _ float64) (obv, _, _ float64) {
			if ta.Holes(x, volume, 0, 0) {
				return ta.NoValues()
			}
			return total.Tick(signed.Tick(x, volume)), 0, 0
		}, signed, total)
	},
}
