package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// TRIX is the rate of change of a triple exponential average.
var TRIX = &ta.Indicator{
	Spec: ta.Spec{
		Name: "trix", Title: "Triple Exponential Rate of Change", Group: ta.GroupMomentum,
		Doc: `How many percent an average that is smoothed three times rose in one bar: moves shorter than its period are gone from it, and its sign is the trend's.

100 · (e / e[1 bar before] − 1), e = EMA(EMA(EMA(x, n), n), n), 0 where the one before is 0. It is made of the steps of the price, so of a price that does not move it is exactly 0.

J. K. Hutson, Good TRIX, Technical Analysis of Stocks & Commodities, 1983.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 30, 1, "bars of each of the three averages")},
		Outputs: []ta.Output{{Name: "trix", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return 3*(a.Int("period")-1) + 1 },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewTrix(a.Int("period")))
	},
}
