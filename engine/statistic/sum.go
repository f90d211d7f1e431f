package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Sum is the sum of a window.
var Sum = &ta.Indicator{
	Spec: ta.Spec{
		Name: "sum", Title: "Summation", Group: ta.GroupStatistic,
		Doc: `The sum of the last n values, each time anew: nothing that has left the window stays in it as rounding.

x[0] + x[1] + … + x[n−1].

N. J. Higham, The Accuracy of Floating Point Summation, SIAM Journal on Scientific Computing, 1993, for summing in pairs.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 30, 2, "bars summed")},
		Outputs: []ta.Output{{Name: "sum", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New:    func(a ta.Args) ta.Kernel { return roll.Kernel(roll.NewSum(a.Int("period"))) },
}
