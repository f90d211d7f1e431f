package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// LinearReg is the end of a regression line.
var LinearReg = &ta.Indicator{
	Spec: ta.Spec{
		Name: "linearreg", Title: "Linear Regression", Group: ta.GroupStatistic,
		Doc: `Where the straight line that fits the last n prices best stands at the newest of them.

linearreg = 3·WMA(x, n) − 2·SMA(x, n), the least-squares line at its end.

C. F. Gauss, Theoria motus corporum coelestium, 1809.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars that the line is fitted to")},
		Outputs: []ta.Output{{Name: "linearreg", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New:    func(a ta.Args) ta.Kernel { return roll.Kernel(roll.NewRegression(a.Int("period"))) },
}
