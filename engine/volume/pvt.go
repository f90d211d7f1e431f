package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PVT is the price volume trend.
var PVT = &ta.Indicator{
	Spec: ta.Spec{
		Name: "pvt", Title: "Price Volume Trend", Group: ta.GroupVolume,
		Doc: `What has been bought since the first bar, less what has been sold: an on-balance volume to which a bar adds only so much of its volume as its price moved. Its level depends on where the series begins, so only its slope means something.

The total of volume · (close − close[1 bar before]) / close[1 bar before], 0 after a price of 0. It begins with 0.

S. B. Achelis, Technical Analysis from A to Z, 1995.`,
		Inputs:  []ta.Input{ta.Close, ta.Volume},
		Outputs: []ta.Output{{Name: "pvt", Unit: ta.Quantity}},
		Memory:  ta.Running,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(ta.Args) ta.Kernel {
		before, total := roll.NewLag(1), roll.NewTotal()
		var bought [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			bought := bought[:len(out[0])]
			lead := before.Compare(in[0], bought, roll.Growth)
			clear(bought[:lead])
			roll.Mul(bought, bought, in[1])
			total.Next(bought, out[0])
		}, before, total)
	},
}
