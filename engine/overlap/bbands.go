package overlap

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// BBands are Bollinger bands.
var BBands = &ta.Indicator{
	Spec: ta.Spec{
		Name: "bbands", Title: "Bollinger Bands", Group: ta.GroupOverlap,
		Doc: `A moving average and two bands around it, as many standard deviations away: narrow while the market is quiet, wide while it moves.

middle = MA(x, n), upper = middle + u·σ, lower = middle − d·σ, σ the population's standard deviation of the last n prices around their mean, whichever average is in the middle.

J. Bollinger, Bollinger on Bollinger Bands, 2001.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 20, 2, "bars averaged"),
			ta.Number("nb_dev_up", 2, -3e37, 3e37, "deviations from the middle to the upper band"),
			ta.Number("nb_dev_dn", 2, -3e37, 3e37, "deviations from the middle to the lower band"),
			ta.Choice("ma_type", 0, roll.Averages, "the average in the middle; default is sma, disabled the price itself"),
		},
		Outputs: []ta.Output{
			{Name: "upper", Unit: ta.Price}, {Name: "middle", Unit: ta.Price}, {Name: "lower", Unit: ta.Price},
		},
		Memory: ta.Fading, // a window with averages that have one, such as the default
	},
	Warmup: func(a ta.Args) int {
		n := a.Int("period")
		return max(n-1, roll.AverageLead(a.Choice("ma_type"), n))
	},
	New: func(a ta.Args) ta.Kernel {
		n, up, down := a.Int("period"), a.Float("nb_dev_up"), -a.Float("nb_dev_dn")
		spread := roll.NewDeviation(n)
		switch kind := a.Choice("ma_type"); kind {
		case "sma", "default":
			k := ta.NewTicking(func(in, out ta.Columns) {
				bands(out[0], out[1], out[2], up, down, spread.Next(in[0], out[1], out[2]))
			}, func(x, _, _, _ float64) (upper, middle, lower float64) {
				if ta.Hole(x) {
					return ta.NoValues()
				}
				mean, deviation := spread.Tick(x)
				return math.FMA(deviation, up, mean), mean, math.FMA(deviation, down, mean)
			}, spread)
			return ta.Watchful(k, func(in, out ta.Columns) bool {
				lead, ok := spread.Watch(in[0], out[1], out[2])
				if ok {
					bands(out[0], out[1], out[2], up, down, lead)
				}
				return ok
			})
		default:
			average := roll.NewAverage(kind, n)
			return ta.NewKernel(func(in, out ta.Columns) {
				upper, middle, lower := out[0], out[1], out[2]
				lead := spread.Next(in[0], middle, lower)
				lead = max(lead, average.Next(in[0], middle))
				bands(upper, middle, lower, up, down, lead)
			}, spread, average)
		}
	},
}

// bands puts upper and lower, which holds the deviations, around middle.
func bands(upper, middle, lower []float64, up, down float64, lead int) {
	roll.MulAdd(upper[lead:], lower[lead:], up, middle[lead:])
	roll.MulAdd(lower[lead:], lower[lead:], down, middle[lead:])
	roll.Blank(lead, upper, middle, lower)
}
