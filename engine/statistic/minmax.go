package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MinMax are the smallest and the largest value of a window.
var MinMax = &ta.Indicator{
	Spec: ta.Spec{
		Name: "minmax", Title: "Lowest and Highest Values", Group: ta.GroupStatistic,
		Doc: `The smallest and the largest of the last n values.

min = min(x[0], x[1], …, x[n−1]), max = max(x[0], x[1], …, x[n−1]).

R. D. Donchian, Donchian's 5- and 20-Day Moving Averages, Commodities, 1974, for the channel made of both.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 30, 2, "bars looked at")},
		Outputs: []ta.Output{{Name: "min", Unit: ta.Price}, {Name: "max", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		window := roll.NewRange(a.Int("period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			window.Next(in[0], in[0], out[1], out[0])
		}, window)
	},
}
