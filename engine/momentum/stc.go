package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// STC is Schaff's trend cycle.
var STC = &ta.Indicator{
	Spec: ta.Spec{
		Name: "stc", Title: "Schaff Trend Cycle", Group: ta.GroupMomentum,
		Doc: `Where the MACD is in its own cycle, from 0 to 100: it turns sooner than the MACD's signal. A rise through 25 is commonly read as the begin of an up trend, a fall through 75 as that of a down trend.

stc = C(C(m)), m = EMA(x, fast) − EMA(x, slow); C(y) is an average of 100 · (y − lowest) / (highest − lowest) over the last n values, whose newest value weighs factor and whose first is its seed. Where the range is flat, the quotient stays what it was, at first 0. The averages of m are seeded as those of macd are. Periods given the wrong way round are exchanged.

The ranges can be so narrow that what rounding does to the MACD, which no float64 is without, is seen in them: one value in a thousand is off by 1e-11, a few in a million by 1e-9.

D. Schaff, The Schaff Trend Cycle, 1999, published 2008.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("fast_period", 23, 2, "bars of the fast average"),
			ta.Bars("slow_period", 50, 2, "bars of the slow average"),
			ta.Bars("cycle_period", 10, 2, "bars of both ranges"),
			ta.Number("factor", 0.5, 0.001, 1, "the weight of the newest value"),
		},
		Outputs: []ta.Output{{Name: "stc", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int {
		return max(a.Int("fast_period"), a.Int("slow_period")) - 1 + 2*(a.Int("cycle_period")-1)
	},
	New: func(a ta.Args) ta.Kernel {
		n, m, cycle := a.Int("fast_period"), a.Int("slow_period"), a.Int("cycle_period")
		averages := roll.NewAlignedConvergence("ema", min(n, m), "ema", max(n, m))
		first, second := roll.NewCycling(cycle, a.Float("factor")), roll.NewCycling(cycle, a.Float("factor"))
		var macd, once [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			stc := out[0]
			macd, once := macd[:len(stc)], once[:len(stc)]
			lead := averages.Next(in[0], macd, stc)
			lead += first.Next(macd[lead:], once[lead:])
			lead += second.Next(once[lead:], stc[lead:])
			roll.Blank(lead, stc)
		}, averages, first, second)
	},
}
