package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// DCPeriod is the period of the dominant cycle.
var DCPeriod = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ht_dcperiod", Title: "Hilbert Transform, Dominant Cycle Period", Group: ta.GroupCycle,
		Doc: `How many bars the market's dominant cycle takes, 6 to 50: a length to set other indicators to.

Prices are smoothed over 4 bars and a Hilbert transform gives the in-phase and quadrature parts of their cycle; how far this phasor turns in a bar gives the period, which may change by half up and a third down in a bar and is smoothed twice, by weights 0.2 and 0.33.` + source,
		Inputs:  []ta.Input{ta.Real},
		Outputs: []ta.Output{{Name: "ht_dcperiod", Unit: ta.Ratio, Doc: "in bars"}},
		Memory:  ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.CycleLead },
	New: func(ta.Args) ta.Kernel {
		cycle, lead := roll.NewCycle(roll.CycleLead), roll.NewSkip(roll.CycleLead)
		return ta.NewKernel(func(in, out ta.Columns) {
			cycle.Next(in[0], out[0])
			roll.Blank(lead.Next(len(out[0])), out[0])
		}, cycle, lead)
	},
}
