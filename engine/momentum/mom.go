package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Mom is the momentum.
var Mom = &ta.Indicator{
	Spec: ta.Spec{
		Name: "mom", Title: "Momentum", Group: ta.GroupMomentum,
		Doc: `How far the price is above or below that of n bars before.

x − x[n bars before].

Long in use; J. J. Murphy, Technical Analysis of the Futures Markets, 1986.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 10, 1, "bars looked back")},
		Outputs: []ta.Output{{Name: "mom", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		lag := roll.NewLag(a.Int("period"))
		return ta.NewTicking(func(in, out ta.Columns) {
			lag.Compare(in[0], out[0], roll.Sub)
		}, func(x, _, _, _ float64) (mom, _, _ float64) {
			if ta.Hole(x) {
				return ta.NoValues()
			}
			return x - lag.Tick(x), 0, 0
		}, lag)
	},
}
