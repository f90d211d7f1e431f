package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Stoch is the slow stochastic oscillator.
var Stoch = &ta.Indicator{
	Spec: ta.Spec{
		Name: "stoch", Title: "Stochastic", Group: ta.GroupMomentum,
		Doc: `Where the price closes in the range of the last n bars, smoothed, and the average of that as its signal. Above 80 is commonly read as overbought, below 20 as oversold.

fast = 100 · (close − lowest) / (highest − lowest), 0 where the range is flat; slow_k = MA(fast), slow_d = MA(slow_k).

G. C. Lane, Lane's Stochastics, Technical Analysis of Stocks & Commodities, 1984.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("fast_k_period", 5, 1, "bars of the range"),
			ta.Bars("slow_k_period", 3, 1, "bars of the average that smooths"),
			ta.Choice("slow_k_ma_type", 0, roll.Averages, "the average that smooths; default is sma, disabled does not smooth"),
			ta.Bars("slow_d_period", 3, 1, "bars of the signal"),
			ta.Choice("slow_d_ma_type", 0, roll.Averages, "the average that is the signal; default is sma"),
		},
		Outputs: []ta.Output{{Name: "slow_k", Unit: ta.Percent}, {Name: "slow_d", Unit: ta.Percent}},
		Memory:  ta.Fading, // a window only with averages that are one, such as sma
	},
	Warmup: func(a ta.Args) int {
		return a.Int("fast_k_period") - 1 +
			roll.AverageLead(a.Choice("slow_k_ma_type"), a.Int("slow_k_period")) +
			roll.AverageLead(a.Choice("slow_d_ma_type"), a.Int("slow_d_period"))
	},
	New: func(a ta.Args) ta.Kernel {
		raw := newStochastic(a.Int("fast_k_period"))
		smooth := roll.NewAverage(a.Choice("slow_k_ma_type"), a.Int("slow_k_period"))
		signal := roll.NewAverage(a.Choice("slow_d_ma_type"), a.Int("slow_d_period"))
		finish := func(lead int, k, d []float64) {
			lead += smooth.Next(d[lead:], k[lead:])
			lead += signal.Next(k[lead:], d[lead:])
			roll.Blank(lead, k, d)
		}
		step := func(in, out ta.Columns) { finish(raw.next(in, out[1]), out[0], out[1]) }
		watch := func(in, out ta.Columns) bool {
			ok := raw.watch(in, out[1])
			if ok {
				finish(0, out[0], out[1])
			}
			return ok
		}
		smoothed, ok := smooth.(ta.Series)
		signalled, too := signal.(ta.Series)
		if !ok || !too {
			return ta.Watchful(ta.NewKernel(step, raw.window, smooth, signal), watch)
		}
		k := ta.NewTicking(step, func(high, low, close, _ float64) (k, d, _ float64) {
			if ta.Holes(high, low, close, 0) {
				return ta.NoValues()
			}
			top, bottom := roll.Lanes(raw.window.Tick(high, low))
			k = smoothed.Tick(roll.WithinOf(close, bottom, bottom, top))
			return k, signalled.Tick(k), 0
		}, raw.window, smoothed, signalled)
		return ta.Watchful(k, watch)
	},
}

// stochastic is the oscillator before any smoothing.
type stochastic struct {
	window    *roll.Range
	high, low [ta.Tile]float64
}

func newStochastic(n int) *stochastic { return &stochastic{window: roll.NewRange(n)} }

// next sets out to where the close, in[2], is in the range of in[0] and in[1].
func (s *stochastic) next(in ta.Columns, out []float64) int {
	high, low := s.high[:len(out)], s.low[:len(out)]
	lead := s.window.Next(in[0], in[1], high, low)
	roll.Within(out[lead:], in[2][lead:], low[lead:], low[lead:], high[lead:])
	return lead
}

// watch is next for bars that may have holes: it returns false, with s as it was, where
// it met one, or cannot tell.
func (s *stochastic) watch(in ta.Columns, out []float64) bool {
	return s.window.WatchWithin(in[0], in[1], in[2], s.high[:len(out)], s.low[:len(out)], out)
}
