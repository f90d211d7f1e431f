package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// DCPhase is the phase of the dominant cycle.
var DCPhase = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ht_dcphase", Title: "Hilbert Transform, Dominant Cycle Phase", Group: ta.GroupCycle,
		Doc: `Where in its dominant cycle the market is, in degrees from −45 to 315. It advances evenly while the market cycles and stands still, or runs back, while it trends.

The angle of the component of a Fourier transform over the last cycle of smoothed prices that fits into it once, with what the smoothing lags added; the period is ht_dcperiod's. Of a price that stands still no component is left: the phase then goes on by 90 degrees a bar, and what the smoothing lags.` + source,
		Inputs:  []ta.Input{ta.Real},
		Outputs: []ta.Output{{Name: "ht_dcphase", Unit: ta.Ratio, Doc: "in degrees"}},
		Memory:  ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.TrendLead },
	New: func(ta.Args) ta.Kernel {
		phase, lead := roll.NewPhase(), roll.NewSkip(roll.TrendLead)
		var period [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			phase.Next(in[0], period[:len(out[0])], out[0])
			roll.Blank(lead.Next(len(out[0])), out[0])
		}, phase, lead)
	},
}
