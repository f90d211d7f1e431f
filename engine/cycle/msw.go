package cycle

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MSW is the MESA sine wave of a fixed period.
var MSW = &ta.Indicator{
	Spec: ta.Spec{
		Name: "msw", Title: "MESA Sine Wave", Group: ta.GroupCycle,
		Doc: `Where in a cycle of n bars the price is: the lines cross before the cycle turns, and run side by side while there is a trend and no cycle. ht_sine finds the period itself.

re = Σ x[k] · cos(2πk/n), im = Σ x[k] · sin(2πk/n), k from 0 to n−1 bars before; φ = atan2(im, re) + π/2. msw_sine = sin φ, msw_lead = sin(φ + π/4); both are 0 where no price of the window differs. The work of a bar grows with n.

J. F. Ehlers, Rocket Science for Traders, 2001; with a period that is given, that of Tulip Indicators, which begins one bar later.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 20, 3, "bars of the cycle")},
		Outputs: []ta.Output{{Name: "msw_sine", Unit: ta.Ratio}, {Name: "msw_lead", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		wave := roll.NewFixedWave(a.Int("period"))
		return ta.NewKernel(func(in, out ta.Columns) { wave.Next(in[0], out[0], out[1]) }, wave)
	},
}
