package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ROC is the rate of change.
var ROC = &ta.Indicator{
	Spec: ta.Spec{
		Name: "roc", Title: "Rate of Change", Group: ta.GroupMomentum,
		Doc: `How many percent the price is above or below that of n bars before.

100 · (x / x[n bars before] − 1), 0 where the price before is 0.

Long in use; J. J. Murphy, Technical Analysis of the Futures Markets, 1986.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 10, 1, "bars looked back")},
		Outputs: []ta.Output{{Name: "roc", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		lag := roll.NewLag(a.Int("period"))
		return ta.NewKernel(func(in, out ta.Columns) {
			lag.Compare(in[0], out[0], roll.Change)
		}, lag)
	},
}
