package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// FOSC is the forecast oscillator.
var FOSC = &ta.Indicator{
	Spec: ta.Spec{
		Name: "fosc", Title: "Forecast Oscillator", Group: ta.GroupMomentum,
		Doc: `How far the price is from where the line through the bars before it pointed, in percent of the price: above 0 it did better than its trend.

100 · (x − f) / x, where f is the least-squares line through the n bars before this one, taken at this bar; 0 where x is 0, and where rounding alone tells x from f. TA-Lib's own rolling sums leave noise of up to about 1e-11 here.

T. S. Chande and S. Kroll, The New Technical Trader, 1994.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 5, 2, "bars of the line")},
		Outputs: []ta.Output{{Name: "fosc", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		line, steps, before := roll.NewTrend(n), roll.NewSteps(), roll.NewLag(1)
		var middle, slope [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			x, fosc := in[0], out[0]
			middle, slope := middle[:len(x)], slope[:len(x)]
			// How far the price went, less how far the line before pointed.
			lead := line.Next(x, middle, slope)
			roll.MulAdd(slope[lead:], slope[lead:], float64(n+1)/2, middle[lead:])
			lead += before.Next(slope[lead:], fosc[lead:])
			steps.Next(x, middle)
			roll.Sub(fosc[lead:], middle[lead:], fosc[lead:])
			roll.Surprise(fosc[lead:], x[lead:], fosc[lead:])
			roll.Blank(lead, fosc)
		}, line, steps, before)
	},
}
