package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// WAD is Williams's accumulation/distribution.
var WAD = &ta.Indicator{
	Spec: ta.Spec{
		Name: "wad", Title: "Williams' Accumulation/Distribution", Group: ta.GroupMomentum,
		Doc: `Whether a move is bought or sold: a line that falls while the price rises says that it is sold. Volume takes no part.

The sum, from the first bar, of close − min(low, close before) where the close is above the one before, and close − max(high, close before) where it is below; the first bar counts 0.

L. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Outputs: []ta.Output{{Name: "wad", Unit: ta.Price}},
		Memory:  ta.Running,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(ta.Args) ta.Kernel {
		gathered, total := roll.NewGathered(), roll.NewTotal()
		var from [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			from := from[:len(out[0])]
			gathered.Next(in[0], in[1], in[2], from)
			total.NextBetween(from, in[2], out[0])
		}, gathered, total)
	},
}
