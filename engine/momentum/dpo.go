package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// DPO is the detrended price oscillator.
var DPO = &ta.Indicator{
	Spec: ta.Spec{
		Name: "dpo", Title: "Detrended Price Oscillator", Group: ta.GroupMomentum,
		Doc: `How far the price of half a window ago was from the window's mean: the trend taken out, what remains are the cycles shorter than the window. It looks at the past on purpose; no later bar takes part.

x[k bars before] − SMA(x, n), k = ⌊n/2⌋ + 1.

W. Blau, Momentum, Direction, and Divergence, 1995, has it among the oscillators long in use.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 20, 2, "bars averaged")},
		Outputs: []ta.Output{{Name: "dpo", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return max(a.Int("period")-1, a.Int("period")/2+1) },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		steps, mean, lag := roll.NewSteps(), roll.NewDistance("sma", n), roll.NewLag(n/2+1)
		var step, gap [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			x, dpo := in[0], out[0]
			step, gap := step[:len(x)], gap[:len(x)]
			steps.Next(x, step)
			lead := max(mean.Next(x, step, gap), lag.Next(x, dpo))
			roll.Sub(dpo[lead:], dpo[lead:], x[lead:]) // of two differences that are 0 on a price that does not move
			roll.Sub(dpo[lead:], dpo[lead:], gap[lead:])
			roll.Blank(lead, dpo)
		}, steps, mean, lag)
	},
}
