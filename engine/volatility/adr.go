package volatility

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ADR is the average range.
var ADR = &ta.Indicator{
	Spec: ta.Spec{
		Name: "adr", Title: "Average Daily Range", Group: ta.GroupVolatility,
		Doc: `How far prices reach in a bar, gaps between bars left out.

The mean over n bars of high − low.

T. DeMark, The New Science of Technical Analysis, 1994.`,
		Inputs:  []ta.Input{ta.High, ta.Low},
		Params:  []ta.Param{ta.Bars("period", 14, 1, "bars averaged")},
		Outputs: []ta.Output{{Name: "adr", Unit: ta.Price}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		average := roll.NewMean(a.Int("period"))
		var ranges [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			ranges := ranges[:len(out[0])]
			roll.Sub(ranges, in[0], in[1])
			average.Next(ranges, out[0])
		}, average)
	},
}
