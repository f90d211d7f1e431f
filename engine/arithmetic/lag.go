package arithmetic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Lag is a series as it was some bars before.
var Lag = &ta.Indicator{
	Spec: ta.Spec{
		Name: "lag", Title: "Lag", Group: ta.GroupArithmetic,
		Doc: `The series as it was n bars before, to be compared with what it is.

x[n bars before].

G. U. Yule, Why Do We Sometimes Get Nonsense-Correlations between Time-Series?, 1926.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 1, 1, "bars looked back")},
		Outputs: []ta.Output{{Name: "lag", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New:    func(a ta.Args) ta.Kernel { return roll.Kernel(roll.NewLag(a.Int("period"))) },
}
