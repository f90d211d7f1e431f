package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Trendline is Ehlers's instantaneous trendline.
var Trendline = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ht_trendline", Title: "Hilbert Transform, Instantaneous Trendline", Group: ta.GroupOverlap,
		Doc: `An average over exactly one dominant cycle, so that the cycle is gone from it and the trend remains, with less lag than a fixed window that is long enough.

The mean of the last p prices, smoothed over 4 bars by weights 4, 3, 2 and 1, where p is the period of the dominant cycle, 6 to 50 bars, rounded: ht_dcperiod, its filters fed from bar 37 on.

J. F. Ehlers, Rocket Science for Traders, 2001.`,
		Inputs:  []ta.Input{ta.Real},
		Outputs: []ta.Output{{Name: "ht_trendline", Unit: ta.Price}},
		Memory:  ta.Fading,
	},
	Warmup: func(ta.Args) int { return roll.TrendLead },
	New: func(ta.Args) ta.Kernel {
		cycle, trend, lead := roll.NewCycle(roll.TrendLead), roll.NewTrendline(), roll.NewSkip(roll.TrendLead)
		var period [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			period := period[:len(out[0])]
			cycle.Next(in[0], period)
			trend.Next(in[0], period, out[0])
			roll.Blank(lead.Next(len(period)), out[0])
		}, cycle, trend, lead)
	},
}
