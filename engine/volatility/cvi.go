package volatility

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// CVI is Chaikin's volatility.
var CVI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "cvi", Title: "Chaikin's Volatility", Group: ta.GroupVolatility,
		Doc: `How many percent wider the bars have become than they were some bars before. A sharp rise is commonly read as a panic near a bottom, a slow fall as a market near its top.

100 · (e − e[m bars before]) / e[m bars before], where e is the EMA over n bars of high − low; 0 where it was 0.

M. Chaikin; S. B. Achelis, Technical Analysis from A to Z, 1995.`,
		Inputs: []ta.Input{ta.High, ta.Low},
		Params: []ta.Param{
			ta.Bars("period", 10, 2, "bars averaged"),
			ta.Bars("roc_period", 10, 1, "bars looked back"),
		},
		Outputs: []ta.Output{{Name: "cvi", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 + a.Int("roc_period") },
	New: func(a ta.Args) ta.Kernel {
		average, lag := roll.NewEMA(a.Int("period")), roll.NewLag(a.Int("roc_period"))
		var ranges, averages [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			cvi := out[0]
			ranges, averages := ranges[:len(cvi)], averages[:len(cvi)]
			roll.Sub(ranges, in[0], in[1])
			lead := average.Next(ranges, averages)
			lead += lag.Compare(averages[lead:], cvi[lead:], roll.Change)
			roll.Blank(lead, cvi)
		}, average, lag)
	},
}
