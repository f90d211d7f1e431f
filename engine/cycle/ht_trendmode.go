package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// TrendMode says whether the market trends or cycles.
var TrendMode = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ht_trendmode", Title: "Hilbert Transform, Trend vs Cycle Mode", Group: ta.GroupCycle,
		Doc: `Whether the market trends, 1, or cycles, 0: the one calls for moving averages, the other for oscillators.

It cycles for half a period after the two lines of ht_sine have crossed, and while ht_dcphase advances by 0.67 to 1.5 times what the period says; otherwise it trends. Wherever the smoothed price is 1.5 % or more off ht_trendline it trends in any case.` + source,
		Inputs:  []ta.Input{ta.Real},
		Outputs: []ta.Output{{Name: "ht_trendmode", Unit: ta.Ratio, Doc: "1 in a trend, 0 in a cycle"}},
		Memory:  ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.TrendLead },
	New: func(ta.Args) ta.Kernel {
		mode, lead := roll.NewMode(), roll.NewSkip(roll.TrendLead)
		return ta.NewKernel(func(in, out ta.Columns) {
			mode.Next(in[0], out[0])
			roll.Blank(lead.Next(len(out[0])), out[0])
		}, mode, lead)
	},
}
