package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// AO is the awesome oscillator.
var AO = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ao", Title: "Awesome Oscillator", Group: ta.GroupMomentum,
		Doc: `Whether the last few bars are higher or lower than the last many: the market's momentum, drawn as bars around 0.

SMA(m, fast) − SMA(m, slow), m = (high + low) / 2. Periods given the wrong way round are not exchanged: the sign is.

B. Williams, New Trading Dimensions, 1998.`,
		Inputs:  []ta.Input{ta.High, ta.Low},
		Params:  awesomePeriods,
		Outputs: []ta.Output{{Name: "ao", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: awesomeLead,
	New: func(a ta.Args) ta.Kernel {
		up, down := roll.NewSteps(), roll.NewSteps()
		means := roll.NewConvergence("sma", a.Int("fast_period"), "sma", a.Int("slow_period"))
		var middle, step, slow [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			ao := out[0]
			middle, step := middle[:len(ao)], step[:len(ao)]
			// The steps of the middle from those of both ends, which no rounding spoils.
			up.Next(in[0], step)
			down.Next(in[1], middle)
			roll.Middle(step, step, middle)
			roll.Middle(middle, in[0], in[1])
			means.NextOfSteps(middle, step, ao, slow[:len(ao)])
		}, up, down, means)
	},
}

var awesomePeriods = []ta.Param{
	ta.Bars("fast_period", 5, 2, "bars of the fast average"),
	ta.Bars("slow_period", 34, 2, "bars of the slow average"),
}

func awesomeLead(a ta.Args) int { return max(a.Int("fast_period"), a.Int("slow_period")) - 1 }
