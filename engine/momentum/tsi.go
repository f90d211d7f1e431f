package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// TSI is the true strength index.
var TSI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "tsi", Title: "True Strength Index", Group: ta.GroupMomentum,
		Doc: `How one-sided the movement is, smoothed twice: 100 when every step is a gain, −100 when every one is a loss.

100 · S(step) / S(|step|), 0 where that is 0; S(y) = EMA(EMA(y, first), second), a step being the price less the one before.

W. Blau, True Strength Index, Technical Analysis of Stocks & Commodities, 1991.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("first_period", 25, 2, "bars of the first smoothing"),
			ta.Bars("second_period", 13, 2, "bars of the second smoothing"),
		},
		Outputs: []ta.Output{{Name: "tsi", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("first_period") + a.Int("second_period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		n, m := a.Int("first_period"), a.Int("second_period")
		steps, first, signed, unsigned := roll.NewSteps(), roll.NewSkip(1), newTwice(n, m), newTwice(n, m)
		var step, size [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			x, tsi := in[0], out[0]
			step, size := step[:len(x)], size[:len(x)]
			steps.Next(x, step)
			lead := first.Next(len(x))
			roll.Magnitude(size, step)
			unsigned.next(size[lead:], size[lead:])
			lead += signed.next(step[lead:], tsi[lead:])
			roll.Percent(tsi[lead:], tsi[lead:], size[lead:])
			roll.Blank(lead, tsi)
		}, steps, first, signed.first, signed.second, unsigned.first, unsigned.second)
	},
}
