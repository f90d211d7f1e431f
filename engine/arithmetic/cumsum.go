package arithmetic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// CumSum is the running total.
var CumSum = &ta.Indicator{
	Spec: ta.Spec{
		Name: "cumsum", Title: "Cumulative Sum", Group: ta.GroupArithmetic,
		Doc: `The total of all values from the first one on. Its level depends on where the series begins, so only its differences mean something.

cumsum = cumsum[1 bar before] + x.` + source,
		Inputs:  []ta.Input{ta.Real},
		Outputs: []ta.Output{{Name: "cumsum", Unit: ta.Price}},
		Memory:  ta.Running,
	},
	Warmup: func(ta.Args) int { return 0 },
	New:    func(ta.Args) ta.Kernel { return roll.Kernel(roll.NewTotal()) },
}
