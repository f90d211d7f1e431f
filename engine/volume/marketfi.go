package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MarketFI is Williams' market facilitation index.
var MarketFI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "marketfi", Title: "Market Facilitation Index", Group: ta.GroupVolume,
		Doc: `How far the price moves for each unit that is traded.

(high − low) / volume, 0 where there is no volume. It is a price for a volume, so the output has no unit.

B. Williams, Trading Chaos, 1995.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Volume},
		Outputs: []ta.Output{{Name: "marketfi", Unit: ta.None, Doc: "in prices a unit of volume"}},
		Memory:  ta.Window,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(ta.Args) ta.Kernel {
		return ta.NewKernel(func(in, out ta.Columns) {
			roll.Sub(out[0], in[0], in[1])
			roll.Ratio(out[0], out[0], in[2], 0)
		})
	},
}
