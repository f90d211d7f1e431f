package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// EhlersCycle is the period of the dominant cycle as Ehlers wrote it.
var EhlersCycle = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ehlers_cycle", Title: "Ehlers' Homodyne Discriminator", Group: ta.GroupCycle,
		Doc: `How many bars the market's dominant cycle takes: a length to set other indicators to.

Prices are smoothed over 4 bars and a Hilbert transform of 7 taps, tuned by the period of the bar before, gives the phasor of their cycle, I + iQ; the product of each phasor with the conjugate of the one before, smoothed, turns by 360° / period. A period may change by half up and a third down in a bar and is kept from 6 to 50. cycle_period is smoothed once, by weight 0.2, and dominant_cycle, Ehlers' smooth period, once more, by 0.33; ht_dcperiod is the latter.` + own,
		Inputs: []ta.Input{ta.High, ta.Low},
		Outputs: []ta.Output{
			{Name: "cycle_period", Unit: ta.Ratio, Doc: "in bars"},
			{Name: "dominant_cycle", Unit: ta.Ratio, Doc: "in bars, smoother"},
		},
		Memory: ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.CycleLead },
	New: func(ta.Args) ta.Kernel {
		cycle, lead := roll.NewEhlers(), roll.NewSkip(roll.CycleLead)
		var price [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			m := len(out[0])
			roll.Middle(price[:m], in[0], in[1])
			cycle.Periods(price[:m], out[0], out[1])
			roll.Blank(lead.Next(m), out...)
		}, cycle, lead)
	},
}
