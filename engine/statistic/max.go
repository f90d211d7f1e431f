package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Max is the largest value of a window.
var Max = &ta.Indicator{
	Spec: ta.Spec{
		Name: "max", Title: "Highest Value", Group: ta.GroupStatistic,
		Doc: `The largest of the last n values.

max = max(x[0], x[1], …, x[n−1]).

R. D. Donchian, Donchian's 5- and 20-Day Moving Averages, Commodities, 1974, for the channel made of both.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 30, 2, "bars looked at")},
		Outputs: []ta.Output{{Name: "max", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New:    func(a ta.Args) ta.Kernel { return roll.Kernel(roll.NewMax(a.Int("period"))) },
}
