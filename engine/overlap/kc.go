package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// KC are Keltner channels.
var KC = &ta.Indicator{
	Spec: ta.Spec{
		Name: "kc", Title: "Keltner Channels", Group: ta.GroupOverlap,
		Doc: `A moving average and two bands around it, as many average true ranges away: wide while bars reach far.

middle = EMA((high + low + close)/3, n), upper and lower = middle ± nb_dev · Wilder's average of the true range. Both are seeded so that they have their first values at one bar; nothing before their seeds counts.

C. W. Keltner, How to Make Money in Commodities, 1960; in this form L. B. Raschke's, about 1990.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("period", 20, 2, "bars of the middle"),
			ta.Bars("atr_period", 10, 1, "bars of the average true range"),
			ta.Number("nb_dev", 2, -3e37, 3e37, "average true ranges from the middle to a band"),
		},
		Outputs: []ta.Output{
			{Name: "upper", Unit: ta.Price}, {Name: "middle", Unit: ta.Price}, {Name: "lower", Unit: ta.Price},
		},
		Memory: ta.Fading,
	},
	Warmup: func(a ta.Args) int { return max(a.Int("period")-1, a.Int("atr_period")) },
	New: func(a ta.Args) ta.Kernel {
		n, m, dev := a.Int("period"), a.Int("atr_period"), a.Float("nb_dev")
		begin := max(n-1, m)
		wait, late := roll.NewSkip(begin-(n-1)), roll.NewSkip(begin-(m-1))
		average, reach, spread := roll.NewEMA(n), roll.NewTrueRange(), roll.NewWilder(m)
		var price, ranges [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			upper, middle, lower := out[0], out[1], out[2]
			price, ranges := price[:len(upper)], ranges[:len(upper)]
			roll.Typical(price, in[0], in[1], in[2])
			reach.Next(in[0], in[1], in[2], ranges)
			lead := wait.Next(len(price))
			average.Next(price[lead:], middle[lead:])
			lead = late.Next(len(price))
			lead += spread.Next(ranges[lead:], lower[lead:])
			bands(upper, middle, lower, dev, -dev, lead)
		}, wait, late, average, reach, spread)
	},
}
