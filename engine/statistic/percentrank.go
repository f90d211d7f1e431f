package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PercentRank is the rank of a price among those before it.
var PercentRank = &ta.Indicator{
	Spec: ta.Spec{
		Name: "percentrank", Title: "Percent Rank", Group: ta.GroupStatistic,
		Doc: `How many percent of the n prices before this one are below it: 100 for a new high, 0 for a price that none is below.

100 · (how many of x[1 bar before], …, x[n bars before] are below x) / n.

F. Galton, Natural Inheritance, 1889.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 100, 2, "bars before that are compared with")},
		Outputs: []ta.Output{{Name: "percentrank", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		rank := roll.NewRank(n)
		return ta.NewKernel(func(in, out ta.Columns) {
			lead := rank.Next(in[0], out[0])
			roll.Scale(out[0][lead:], out[0][lead:], 100)
			roll.Divide(out[0][lead:], out[0][lead:], float64(n))
		}, rank)
	},
}
