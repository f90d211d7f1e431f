package overlap

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// VWMA is the volume-weighted moving average.
var VWMA = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vwma", Title: "Volume-Weighted Moving Average", Group: ta.GroupOverlap,
		Doc: `The mean of the last n prices, each weighing as much as was traded: what the last n bars paid on average.

Σ x·volume / Σ volume over n bars. Where nothing was traded in them there is no value; over 1 bar it is the price itself, traded or not.

Long in use; B. Dormeier, Investing with Volume Analysis, 2011.`,
		Inputs:  []ta.Input{ta.Real, ta.Volume},
		Params:  []ta.Param{ta.Bars("period", 30, 1, "bars averaged; 1 gives the series itself")},
		Outputs: []ta.Output{{Name: "vwma", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		if n == 1 {
			return ta.NewKernel(func(in, out ta.Columns) { copy(out[0], in[0]) })
		}
		paid, traded := roll.NewSum(n), roll.NewSum(n)
		var money, volume [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			vwma := out[0]
			money, volume := money[:len(vwma)], volume[:len(vwma)]
			roll.Mul(money, in[0], in[1])
			paid.Next(money, vwma)
			lead := traded.Next(in[1], volume)
			roll.Ratio(vwma[lead:], vwma[lead:], volume[lead:], math.NaN())
		}, paid, traded)
	},
}
