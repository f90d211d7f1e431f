package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ConnorsRSI is Connors's relative strength index.
var ConnorsRSI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "connors_rsi", Title: "Connors RSI", Group: ta.GroupMomentum,
		Doc: `Three measures of a short-term excess in one: of the price, of how long it has gone one way, and of how unusual its last step is. Above 90 is commonly read as overbought, below 10 as oversold.

(RSI(x, n) + RSI(streak, streak_period) + rank) / 3. The streak is how many rises in a row there were, or, negative, falls; 0 at the first bar and after a step of 0. The rank is how many, in percent, of the last rank_period changes x / x[1 bar before] − 1 before this one are below it.

L. Connors and C. Alvarez, An Introduction to ConnorsRSI, 2012.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 3, 2, "bars of the RSI of the price"),
			ta.Bars("streak_period", 2, 2, "bars of the RSI of the streak"),
			ta.Bars("rank_period", 100, 1, "changes that the last one is compared with"),
		},
		Outputs: []ta.Output{{Name: "connors_rsi", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int {
		return max(a.Int("period"), a.Int("streak_period"), a.Int("rank_period")+1)
	},
	New: func(a ta.Args) ta.Kernel {
		k := a.Int("rank_period")
		prices, streaks := roll.NewStrength(a.Int("period")), roll.NewStrength(a.Int("streak_period"))
		streak := roll.NewStreak()
		before, rank := roll.NewLag(1), roll.NewRank(k)
		var x, y, z [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			crsi := out[0]
			x, y, z := x[:len(crsi)], y[:len(crsi)], z[:len(crsi)]
			lead := prices.Next(in[0], x)
			streak.Next(in[0], z)
			lead = max(lead, streaks.Next(z, y))
			first := before.Compare(in[0], crsi, roll.Change)
			lead = max(lead, first+rank.Next(crsi[first:], z[first:]))
			roll.Scale(z[lead:], z[lead:], 100)
			roll.Divide(z[lead:], z[lead:], float64(k))
			roll.Typical(crsi[lead:], x[lead:], y[lead:], z[lead:])
			roll.Blank(lead, crsi)
		}, prices, streaks, streak, before, rank)
	},
}
