package overlap

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// SuperTrend is the supertrend.
var SuperTrend = &ta.Indicator{
	Spec: ta.Spec{
		Name: "supertrend", Title: "SuperTrend", Group: ta.GroupOverlap,
		Doc: `A stop that follows the price at some true ranges' distance and never gives way: below it while the trend is up, above it while it is down. The trend turns when the price closes beyond it.

Bands (high + low)/2 ± multiplier · Wilder's average of the true range. The upper one is taken over only where it is lower than that of the bar before, or the close before was above that; the lower one the other way round. supertrend is the lower band in an up trend, the upper one in a down trend; trend is 1 or −1, at first 1.

O. Seban, Tout le monde mérite d'être riche, 2008.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("period", 10, 2, "bars of the average true range"),
			ta.Number("multiplier", 3, 0, 3e37, "average true ranges from the middle to a band"),
		},
		Outputs: []ta.Output{
			{Name: "supertrend", Unit: ta.Price}, {Name: "trend", Unit: ta.Signal, Doc: "1 up, −1 down"},
		},
		Memory: ta.Fading, // two that began differently are one after some reversals
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		average, trail := roll.NewAverageRange(a.Int("period")), roll.NewTrail()
		far := a.Float("multiplier")
		var ranges, upper, lower [ta.Tile]float64
		return ta.NewTicking(func(in, out ta.Columns) {
			stop, trend := out[0], out[1]
			ranges, upper, lower := ranges[:len(stop)], upper[:len(stop)], lower[:len(stop)]
			lead := average.Next(in[0], in[1], in[2], lower)
			roll.Middle(ranges[lead:], in[0][lead:], in[1][lead:])
			roll.MulAdd(upper[lead:], lower[lead:], far, ranges[lead:])
			roll.MulAdd(lower[lead:], lower[lead:], -far, ranges[lead:])
			trail.Next(upper[lead:], lower[lead:], in[2][lead:], stop[lead:], trend[lead:])
			roll.Blank(lead, stop, trend)
		}, func(high, low, close, _ float64) (stop, trend, _ float64) {
			if ta.Holes(high, low, close, 0) {
				return ta.NoValues()
			}
			atr := average.Tick(high, low, close).GetElem(0)
			middle := (high + low) * 0.5
			stop, trend = trail.Tick(math.FMA(atr, far, middle), math.FMA(atr, -far, middle), close)
			return
		}, average, trail)
	},
}
