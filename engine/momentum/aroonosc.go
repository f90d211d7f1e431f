package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// AroonOsc is the Aroon oscillator.
var AroonOsc = &ta.Indicator{
	Spec: ta.Spec{
		Name: "aroonosc", Title: "Aroon Oscillator", Group: ta.GroupMomentum,
		Doc: `Which of the extremes is the fresher one: 100 where the highest high is this bar's and the lowest low n bars old, −100 the other way round.

aroon_up − aroon_down, which is 100 · (bars since the lowest low − bars since the highest high) / n, over n + 1 bars; of equal ones the newest counts.

T. S. Chande, A Time Price Oscillator, Technical Analysis of Stocks & Commodities, 1995.`,
		Inputs:  []ta.Input{ta.High, ta.Low},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars looked back")},
		Outputs: []ta.Output{{Name: "aroonosc", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		highest, lowest := roll.NewPlaceOfMax(n+1), roll.NewPlaceOfMin(n+1)
		var down [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			osc := out[0]
			down := down[:len(osc)]
			highest.Next(in[0], osc)
			lead := lowest.Next(in[1], down)
			roll.Sub(osc[lead:], osc[lead:], down[lead:])
			roll.Scale(osc[lead:], osc[lead:], 100)
			roll.Divide(osc[lead:], osc[lead:], float64(n))
		}, highest, lowest)
	},
}
