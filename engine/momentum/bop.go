package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// BOP is the balance of power.
var BOP = &ta.Indicator{
	Spec: ta.Spec{
		Name: "bop", Title: "Balance of Power", Group: ta.GroupMomentum,
		Doc: `Who had the better of a bar: 1 where it opened at its low and closed at its high, −1 the other way round.

(close − open) / (high − low), 0 for a bar without a range.

I. Livshin, Balance of Market Power, Technical Analysis of Stocks & Commodities, 2001.`,
		Inputs:  []ta.Input{ta.Open, ta.High, ta.Low, ta.Close},
		Outputs: []ta.Output{{Name: "bop", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(ta.Args) ta.Kernel {
		return ta.NewKernel(func(in, out ta.Columns) {
			roll.Power(out[0], in[0], in[1], in[2], in[3])
		})
	},
}
