package volatility

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// HV is the historical volatility.
var HV = &ta.Indicator{
	Spec: ta.Spec{
		Name: "hv", Title: "Historical Volatility", Group: ta.GroupVolatility,
		Doc: `How much the price varies, in percent a year: what the volatility that is implied by the price of an option is compared with.

100 · √(periods_per_year / (n − 1) · Σ(r − mean)²) over the last n returns r = ln(x / x[1 bar before]): the deviation of a sample. There is no value within n bars of a price that is not above 0. A year has 252 daily bars of a stock exchange, 365 of a market that never closes, 52 weekly ones, and 98,280 minutes of 6½ hours a day.

J. C. Hull, Options, Futures, and Other Derivatives, 1989.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 20, 2, "returns in the sample"),
			ta.Number("periods_per_year", 252, 1e-3, 1e9, "bars in a year"),
		},
		Outputs: []ta.Output{{Name: "hv", Unit: ta.Percent, Doc: "a year"}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		n, scale := a.Int("period"), 100*math.Sqrt(a.Float("periods_per_year"))
		before, spread := roll.NewLag(1), roll.NewVariance(n)
		var returns, mean [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			hv := out[0]
			returns, mean := returns[:len(hv)], mean[:len(hv)]
			lead := before.Compare(in[0], returns, func(dst, x, past []float64) { roll.Ratio(dst, x, past, 0) })
			roll.Map(returns, returns, roll.Log) // of 0, and so from or to a price of 0, it has no value
			lead += spread.Next(returns[lead:], mean[lead:], hv[lead:])
			roll.Divide(hv[lead:], hv[lead:], float64(n-1))
			roll.Map(hv[lead:], hv[lead:], math.Sqrt)
			roll.Scale(hv[lead:], hv[lead:], scale)
			roll.Blank(lead, hv)
		}, before, spread)
	},
}
