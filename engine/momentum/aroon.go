package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Aroon says how fresh the extremes are.
var Aroon = &ta.Indicator{
	Spec: ta.Spec{
		Name: "aroon", Title: "Aroon", Group: ta.GroupMomentum,
		Doc: `How lately prices were at their highest and at their lowest: 100 for this bar, 0 for n bars before. In a rising market aroon_up stays high and aroon_down low.

aroon_up = 100 · (n − bars since the highest high) / n, and aroon_down with the lowest low, over n + 1 bars; of equal ones the newest counts.

T. S. Chande, A Time Price Oscillator, Technical Analysis of Stocks & Commodities, 1995.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{ta.Bars("period", 14, 2, "bars looked back")},
		Outputs: []ta.Output{
			{Name: "aroon_down", Unit: ta.Percent}, {Name: "aroon_up", Unit: ta.Percent},
		},
		Memory: ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		highest, lowest := roll.NewPlaceOfMax(n+1), roll.NewPlaceOfMin(n+1)
		finish := func(lead int, out ta.Columns) {
			for _, col := range out {
				roll.Scale(col[lead:], col[lead:], 100)
				roll.Divide(col[lead:], col[lead:], float64(n))
			}
		}
		k := ta.NewTicking(func(in, out ta.Columns) {
			highest.Next(in[0], out[1])
			finish(lowest.Next(in[1], out[0]), out)
		}, func(high, low, _, _ float64) (down, up, _ float64) {
			if ta.Holes(high, low, 0, 0) {
				return ta.NoValues()
			}
			return roll.Divided(100*lowest.Tick(low), float64(n)), roll.Divided(100*highest.Tick(high), float64(n)), 0
		}, highest, lowest)
		return ta.Watchful(k, func(in, out ta.Columns) bool {
			lead, ok := roll.WatchPlaces(highest, lowest, in[0], in[1], out[1], out[0])
			if ok {
				finish(lead, out)
			}
			return ok
		})
	},
}
