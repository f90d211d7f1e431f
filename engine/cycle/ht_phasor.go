package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Phasor are the parts of the dominant cycle.
var Phasor = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ht_phasor", Title: "Hilbert Transform, Phasor Components", Group: ta.GroupCycle,
		Doc: `The cycle of the price as a phasor: its part in phase, which is the price without trend, 3 bars late, and the part a quarter of a cycle ahead of that. Drawn against one another they go round while the market cycles.

Both are filters of 7 taps over the prices smoothed over 4 bars, a short Hilbert transform, tuned by the period of the bar before.` + source,
		Inputs: []ta.Input{ta.Real},
		Outputs: []ta.Output{
			{Name: "in_phase", Unit: ta.Price}, {Name: "quadrature", Unit: ta.Price},
		},
		Memory: ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.CycleLead },
	New: func(ta.Args) ta.Kernel {
		hilbert, lead := roll.NewHilbert(roll.CycleStart), roll.NewSkip(roll.CycleLead)
		var period [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			m := len(out[0])
			hilbert.Next(in[0], out[0], out[1], period[:m])
			roll.Blank(lead.Next(m), out...)
		}, hilbert, lead)
	},
}
