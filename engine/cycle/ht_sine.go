package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// SineWave is the sine of the dominant cycle's phase.
var SineWave = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ht_sine", Title: "Hilbert Transform, Sine Wave", Group: ta.GroupCycle,
		Doc: `The dominant cycle as a pure wave, and the same wave an eighth of a cycle ahead: while the market cycles they cross shortly before it turns, and in a trend they run side by side.

sine = sin(phase), lead_sine = sin(phase + 45°), the phase being ht_dcphase's.` + source,
		Inputs:  []ta.Input{ta.Real},
		Outputs: []ta.Output{{Name: "sine", Unit: ta.Ratio}, {Name: "lead_sine", Unit: ta.Ratio}},
		Memory:  ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.TrendLead },
	New: func(ta.Args) ta.Kernel {
		phase, lead := roll.NewPhase(), roll.NewSkip(roll.TrendLead)
		var angle, period [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			sine, ahead := out[0], out[1]
			phase.Next(in[0], period[:len(sine)], angle[:len(sine)])
			for i := range sine {
				sine[i], ahead[i] = roll.Sine(angle[i]), roll.Sine(angle[i]+45)
			}
			roll.Blank(lead.Next(len(sine)), sine, ahead)
		}, phase, lead)
	},
}
