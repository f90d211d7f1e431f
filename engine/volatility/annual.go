package volatility

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Annual is the annualized volatility of simple returns.
var Annual = &ta.Indicator{
	Spec: ta.Spec{
		Name: "volatility", Title: "Annualized Volatility", Group: ta.GroupVolatility,
		Doc: `How much the price varies, as a part of it a year, by simple returns: hv is the same in percent, by logarithmic ones and as of a sample.

√(periods_per_year · Σ(r − mean)² / n) over the last n returns r = x / x[1 bar before] − 1, 0 where the price before is 0: the deviation of a whole population.

Tulip Indicators has it so, always with 252 bars in a year.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 20, 1, "returns in the window"),
			ta.Number("periods_per_year", 252, 1e-3, 1e9, "bars in a year"),
		},
		Outputs: []ta.Output{{Name: "volatility", Unit: ta.Ratio, Doc: "a year"}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		before, spread, scale := roll.NewLag(1), roll.NewDeviation(a.Int("period")), math.Sqrt(a.Float("periods_per_year"))
		var returns, mean [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			year := out[0]
			returns, mean := returns[:len(year)], mean[:len(year)]
			lead := before.Compare(in[0], returns, roll.Growth)
			lead += spread.Next(returns[lead:], mean[lead:], year[lead:])
			roll.Scale(year[lead:], year[lead:], scale)
			roll.Blank(lead, year)
		}, before, spread)
	},
}
