package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// EhlersSine is the sine wave indicator as Ehlers wrote it.
var EhlersSine = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ehlers_sine", Title: "Ehlers' Sine Wave", Group: ta.GroupCycle,
		Doc: `The dominant cycle as a pure wave, and the same wave an eighth of a cycle ahead: while the market cycles they cross shortly before it turns, and in a trend they run side by side. ht_sine is TA-Lib's.

sine = sin(phase), lead_sine = sin(phase + 45°), the phase being dc_phase of ehlers_phase.` + own,
		Inputs:  []ta.Input{ta.High, ta.Low},
		Outputs: []ta.Output{{Name: "sine", Unit: ta.Ratio}, {Name: "lead_sine", Unit: ta.Ratio}},
		Memory:  ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.TrendLead },
	New: func(ta.Args) ta.Kernel {
		return phases(func(phase, _ []float64, out ta.Columns) {
			for i, p := range phase {
				out[0][i], out[1][i] = roll.Sine(p), roll.Sine(p+45)
			}
		})
	},
}
