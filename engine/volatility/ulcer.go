package volatility

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Ulcer is Martin's ulcer index.
var Ulcer = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ulcer", Title: "Ulcer Index", Group: ta.GroupVolatility,
		Doc: `How deep below its recent high the price has been, and for how long: the volatility that hurts. Rises alone give 0.

√(mean of d² over n bars), d = 100 · (x − highest) / highest, highest being the highest x of the last n bars, this one among them; d is 0 where that is 0.

P. G. Martin and B. B. McCann, The Investor's Guide to Fidelity Funds, 1989.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 14, 1, "bars of the high, and of the mean")},
		Outputs: []ta.Output{{Name: "ulcer", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return 2 * (a.Int("period") - 1) },
	New: func(a ta.Args) ta.Kernel {
		highest, average := roll.NewMax(a.Int("period")), roll.NewMean(a.Int("period"))
		var fall [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			ulcer := out[0]
			fall := fall[:len(ulcer)]
			lead := highest.Next(in[0], fall)
			roll.Growth(fall[lead:], in[0][lead:], fall[lead:])
			roll.Mul(fall[lead:], fall[lead:], fall[lead:])
			lead += average.Next(fall[lead:], ulcer[lead:])
			roll.Map(ulcer[lead:], ulcer[lead:], math.Sqrt)
			roll.Scale(ulcer[lead:], ulcer[lead:], 100)
			roll.Blank(lead, ulcer)
		}, highest, average)
	},
}
