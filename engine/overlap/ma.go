package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MA is any moving average.
var MA = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ma", Title: "Moving Average", Group: ta.GroupOverlap,
		Doc: `A moving average whose kind is a parameter, for those who compare kinds.

Each of them is described where it has its own name. Here mama has the limits 0.5 and 0.05 and takes no period, and t3 the volume factor 0.7. Over 1 bar every one is the price itself.

Each is of its own author; that one function has them all is TA-Lib's.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 30, 1, "bars averaged; 1 gives the series itself"),
			ta.Choice("ma_type", 0, roll.Averages, "the average; default is sma, disabled the series itself"),
		},
		Outputs: []ta.Output{{Name: "ma", Unit: ta.Price}},
		Memory:  ta.Fading, // a window with averages that have one, such as the default
	},
	Warmup: func(a ta.Args) int { return roll.AverageLead(a.Choice("ma_type"), a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewAverage(a.Choice("ma_type"), a.Int("period")))
	},
}
