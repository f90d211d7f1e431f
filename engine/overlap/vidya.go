package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// VIDYA is Chande's variable index dynamic average.
var VIDYA = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vidya", Title: "Variable Index Dynamic Average", Group: ta.GroupOverlap,
		Doc: `An average that follows the price closely while it varies more than of late, and slowly while it is calm.

vidya += k · (x − vidya), k = alpha · stddev(x, short) / stddev(x, long), 0 where that is 0 and at most 1, since a longer step would go beyond the price; starting from the price before the first value. Periods given the wrong way round are exchanged.

T. S. Chande, Adapting Moving Averages to Market Volatility, Technical Analysis of Stocks & Commodities, 1992; Tulip Indicators shows the start as a value, too, and does not bound k.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("short_period", 5, 2, "bars of the newer deviation"),
			ta.Bars("long_period", 20, 2, "bars of the older deviation"),
			ta.Number("alpha", 0.2, 0, 1, "the weight of a price where both are equal"),
		},
		Outputs: []ta.Output{{Name: "vidya", Unit: ta.Price}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return max(a.Int("short_period"), a.Int("long_period")) - 1 },
	New: func(a ta.Args) ta.Kernel {
		n, m, alpha := a.Int("short_period"), a.Int("long_period"), a.Float("alpha")
		newer, older, average := roll.NewDeviation(min(n, m)), roll.NewDeviation(max(n, m)), roll.NewPursuit(max(n, m)-1)
		var mean, parts, calm [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			x := in[0]
			mean, parts, calm := mean[:len(x)], parts[:len(x)], calm[:len(x)]
			newer.Next(x, mean, parts)
			lead := older.Next(x, mean, calm)
			roll.Ratio(parts[lead:], parts[lead:], calm[lead:], 0)
			for i := lead; i < len(x); i++ {
				parts[i] = min(1, alpha*parts[i])
			}
			average.Next(x, parts, out[0])
		}, newer, older, average)
	},
}
