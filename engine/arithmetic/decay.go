package arithmetic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Decay is the linear decay of peaks.
var Decay = decay("decay", "Linear Decay", ta.None, func(n float64) *roll.Decay { return roll.NewDecay(1, 1/n) },
	"A series that rises with x at once and then falls no faster than by 1/n a bar: of signals that are 1 or 0, how fresh the last one is.\n\nmax(x, decay[1 bar before] − 1/n). It loses 1 in n bars at any price, so the output has no unit.")

// EDecay is the exponential decay of peaks.
var EDecay = decay("edecay", "Exponential Decay", ta.Price, func(n float64) *roll.Decay { return roll.NewDecay(1-1/n, 0) },
	"A series that rises with x at once and then falls no faster than by one part in n a bar.\n\nmax(x, edecay[1 bar before] · (1 − 1/n)).")

func decay(name, title string, unit ta.Unit, of func(n float64) *roll.Decay, doc string) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupArithmetic,
			Doc:     doc + "\n\nTulip Indicators has it so.",
			Inputs:  []ta.Input{ta.Real},
			Params:  []ta.Param{ta.Bars("period", 5, 1, "bars of the decay")},
			Outputs: []ta.Output{{Name: name, Unit: unit}},
			Memory:  ta.Fading,
		},
		Warmup: func(ta.Args) int { return 0 },
		New:    func(a ta.Args) ta.Kernel { return roll.Kernel(of(a.Float("period"))) },
	}
}
