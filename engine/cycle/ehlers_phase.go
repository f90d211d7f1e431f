package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// EhlersPhase is the phase of the dominant cycle as Ehlers wrote it.
var EhlersPhase = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ehlers_phase", Title: "Ehlers' Dominant Cycle Phase and Hilbert Phase", Group: ta.GroupCycle,
		Doc: `Where in its dominant cycle the market is. Both phases go round evenly while the market cycles; while it trends dc_phase stands still, or runs back.

dc_phase, from −45° to 315°: with R = Σ s[k] · sin(360° k / n) and J = Σ s[k] · cos(360° k / n) over the last cycle of smoothed prices s, k from 0 to n − 1 bars before and n the dominant_cycle of ehlers_cycle in whole bars, it is atan(R / J) + 90° + 360° / dominant_cycle, and 180° more where J is below 0. Where J is 0 the first term is 90° with the sign of R. Ehlers says so of any J up to 0.001, which is in prices, and so would depend on the currency; TA-Lib adds those 90° to the phase of the bar before. This is the listing of his sine wave; the one of the phase alone has sine and cosine exchanged.

hilbert_phase, from 0° to 360°, is the angle of the phasor itself, (I, Q) with I ht_phasor's in_phase and Q its quadrature of these prices: no more smooth than they are, but 3 bars late and no later. It falls by 360° in a cycle. MAMA looks at this angle, of which it does not tell one half of the circle from the other; here they are told apart, as in his phase accumulation.` + own,
		Inputs: []ta.Input{ta.High, ta.Low},
		Outputs: []ta.Output{
			{Name: "dc_phase", Unit: ta.Ratio, Doc: "in degrees"},
			{Name: "hilbert_phase", Unit: ta.Ratio, Doc: "in degrees"},
		},
		Memory: ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.TrendLead },
	New: func(ta.Args) ta.Kernel {
		return phases(func(phase, angle []float64, out ta.Columns) {
			copy(out[0], phase)
			copy(out[1], angle)
		})
	},
}

// phases makes the kernel of what show makes of a phase and the angle of the phasor.
func phases(show func(phase, angle []float64, out ta.Columns)) ta.Kernel {
	cycle, lead := roll.NewEhlers(), roll.NewSkip(roll.TrendLead)
	var price, phase, angle [ta.Tile]float64
	return ta.NewKernel(func(in, out ta.Columns) {
		m := len(out[0])
		roll.Middle(price[:m], in[0], in[1])
		cycle.Phases(price[:m], phase[:m], angle[:m])
		show(phase[:m], angle[:m], out)
		roll.Blank(lead.Next(m), out...)
	}, cycle, lead)
}
