package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// APO is the absolute price oscillator.
var APO = priceOscillator("apo", "Absolute Price Oscillator",
	`How far a fast average has run from a slow one, in prices.

MA(fast) − MA(slow).`, ta.Price)

// PPO is the percentage price oscillator.
var PPO = priceOscillator("ppo", "Percentage Price Oscillator",
	`How far a fast average has run from a slow one, in percent of the slow one, so that markets can be compared.

100 · (MA(fast) − MA(slow)) / MA(slow), 0 where the slow one is 0.`, ta.Percent)

func priceOscillator(name, title, doc string, unit ta.Unit) *ta.Indicator {
	return &ta.Indicator{
		Spec: ta.Spec{
			Name: name, Title: title, Group: ta.GroupMomentum,
			Doc: doc + ` Periods given the wrong way round are exchanged.

G. Appel, Technical Analysis: Power Tools for Active Investors, 2005.`,
			Inputs: []ta.Input{ta.Real},
			Params: []ta.Param{
				ta.Bars("fast_period", 12, 2, "bars of the fast average"),
				ta.Bars("slow_period", 26, 2, "bars of the slow average"),
				ta.Choice("ma_type", 1, roll.Averages, "the average; default is ema"),
			},
			Outputs: []ta.Output{{Name: name, Unit: unit}},
			Memory:  ta.Fading, // a window with averages that are one, such as sma
		},
		Warmup: func(a ta.Args) int {
			n := max(a.Int("fast_period"), a.Int("slow_period"))
			return roll.AverageLead(roll.KindOr(a.Choice("ma_type"), "ema"), n)
		},
		New: func(a ta.Args) ta.Kernel {
			n, m, kind := a.Int("fast_period"), a.Int("slow_period"), roll.KindOr(a.Choice("ma_type"), "ema")
			averages, percent := roll.NewConvergence(kind, min(n, m), kind, max(n, m)), unit == ta.Percent
			var slow [ta.Tile]float64
			step := func(in, out ta.Columns) {
				x, po := in[0], out[0]
				slow := slow[:len(po)]
				lead := averages.Next(x, po, slow)
				if percent {
					roll.Add(slow[lead:], slow[lead:], x[lead:])
					roll.Percent(po[lead:], po[lead:], slow[lead:])
				}
			}
			if !averages.Ticks() {
				return ta.NewKernel(step, averages)
			}
			return ta.NewTicking(step, func(x, _, _, _ float64) (po, _, _ float64) {
				if ta.Hole(x) {
					return ta.NoValues()
				}
				fast, slow := roll.Lanes(averages.Tick(x))
				po = fast - slow
				if percent {
					po = roll.PercentOf(po, slow+x)
				}
				return po, 0, 0
			}, averages)
		},
	}
}
