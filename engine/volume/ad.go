package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// AD is Chaikin's accumulation/distribution line.
var AD = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ad", Title: "Chaikin Accumulation/Distribution Line", Group: ta.GroupVolume,
		Doc: `What has been bought since the first bar, less what has been sold, judged by where each bar closes in its range: a close at the high counts the whole volume as bought, one at the low as sold.

The total of volume · ((close − low) − (high − close)) / (high − low), 0 for a bar without a range.

M. Chaikin, after L. Williams' accumulation/distribution, 1972.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close, ta.Volume},
		Outputs: []ta.Output{{Name: "ad", Unit: ta.Quantity}},
		Memory:  ta.Running,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(ta.Args) ta.Kernel {
		total := roll.NewTotal()
		var bought [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			bought := bought[:len(out[0])]
			roll.Accumulation(bought, in[0], in[1], in[2], in[3])
			total.Next(bought, out[0])
		}, total)
	},
}
