package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MACD is the moving average convergence/divergence.
var MACD = &ta.Indicator{
	Spec: ta.Spec{
		Name: "macd", Title: "Moving Average Convergence/Divergence", Group: ta.GroupMomentum,
		Doc: `How far a fast average has run from a slow one, and whether that is more or less than of late: the histogram changes its sign where the MACD crosses its signal.

macd = EMA(fast) − EMA(slow), macd_signal = EMA(macd, signal), macd_hist = macd − macd_signal. Both averages are seeded at the bar where the slow one has its first value. Periods given the wrong way round are exchanged.

G. Appel, The Moving Average Convergence-Divergence Trading Method, 1979; the histogram is T. Aspray's, 1986.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("fast_period", 12, 2, "bars of the fast average"),
			ta.Bars("slow_period", 26, 2, "bars of the slow average"),
			ta.Bars("signal_period", 9, 1, "bars of the signal"),
		},
		Outputs: macdLines,
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int {
		return max(a.Int("fast_period"), a.Int("slow_period")) - 1 + a.Int("signal_period") - 1
	},
	New: func(a ta.Args) ta.Kernel {
		n, m := a.Int("fast_period"), a.Int("slow_period")
		return newMACD(roll.NewAlignedConvergence("ema", min(n, m), "ema", max(n, m)), roll.NewEMA(a.Int("signal_period")))
	},
}

var macdLines = []ta.Output{
	{Name: "macd", Unit: ta.Price}, {Name: "macd_signal", Unit: ta.Price}, {Name: "macd_hist", Unit: ta.Price},
}

func newMACD(averages *roll.Convergence, signal roll.Average) ta.Kernel {
	lines := func(lead int, macd, line, hist []float64) {
		lead += nextLess(signal, macd[lead:], line[lead:], hist[lead:])
		roll.Blank(lead, macd, line, hist)
	}
	step := func(in, out ta.Columns) { lines(averages.Next(in[0], out[0], out[2]), out[0], out[1], out[2]) }
	single, ok := signal.(ta.Series)
	if !ok || !averages.Ticks() {
		return ta.NewKernel(step, averages, signal)
	}
	tick := func(x, _, _, _ float64) (macd, line, hist float64) {
		if ta.Hole(x) {
			return ta.NoValues()
		}
		fast, slow := roll.Lanes(averages.Tick(x))
		macd = fast - slow
		line = single.Tick(macd)
		return macd, line, macd - line
	}
	if average, ok := signal.(*roll.Recurrence); ok && averages.Signals() {
		tick = averages.TickSignal(average)
	}
	k := ta.NewTicking(step, tick, averages, single)
	return ta.Watchful(k, func(in, out ta.Columns) bool {
		lead, ok := averages.Watch(in[0], out[0], out[2])
		if ok {
			lines(lead, out[0], out[1], out[2])
		}
		return ok
	})
}

// nextLess is the average's Next, and sets less to x less the results.
func nextLess(average roll.Average, x, out, less []float64) int {
	if r, ok := average.(*roll.Recurrence); ok {
		return r.NextLess(x, out, less)
	}
	lead := average.Next(x, out)
	roll.Sub(less[lead:], x[lead:], out[lead:])
	return lead
}
