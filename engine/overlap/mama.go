package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MAMA is MESA's adaptive moving average.
var MAMA = &ta.Indicator{
	Spec: ta.Spec{
		Name: "mama", Title: "MESA Adaptive Moving Average", Group: ta.GroupOverlap,
		Doc: `An average that leaps when the market's cycle turns and rests otherwise, so that it looks like a staircase. Where it crosses its follower a trend begins or ends.

mama += w · (x − mama), fama += w/2 · (mama − fama), w = fast_limit / the degrees that the phase of the dominant cycle turned in this bar, at least 1, and w no less than slow_limit. The phase is a Hilbert transform's. As in TA-Lib both averages start from 0 at bar 12, so the first values are too low: up to 0.95^21 of the price, a third, is missing from the first one of mama. While the price stands still the phase is rounding's, TA-Lib's of its running sums and another one here, until it moves again.

J. F. Ehlers, MESA Adaptive Moving Averages, Technical Analysis of Stocks & Commodities, 2001.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Number("fast_limit", 0.5, 0.01, 0.99, "the largest weight of a price"),
			ta.Number("slow_limit", 0.05, 0.01, 0.99, "the smallest"),
		},
		Outputs: []ta.Output{{Name: "mama", Unit: ta.Price}, {Name: "fama", Unit: ta.Price}},
		Memory:  ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.CycleLead },
	New: func(a ta.Args) ta.Kernel {
		averages := roll.NewMama(a.Float("fast_limit"), a.Float("slow_limit"))
		return ta.NewKernel(func(in, out ta.Columns) {
			averages.Next(in[0], out[0], out[1])
		}, averages)
	},
}
