package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Correl is Pearson's correlation.
var Correl = &ta.Indicator{
	Spec: ta.Spec{
		Name: "correl", Title: "Pearson's Correlation Coefficient", Group: ta.GroupStatistic,
		Doc: `How near two series are to moving along one straight line: 1 where they do, −1 where one falls as the other rises, 0 where they have nothing to do with each other.

Σ(x − mean(x)) · (y − mean(y)) / √(Σ(x − mean(x))² · Σ(y − mean(y))²) over n bars; 0 where one of them does not move.

K. Pearson, Regression, Heredity and Panmixia, 1896.`,
		Inputs:  []ta.Input{ta.Real0, ta.Real1},
		Params:  []ta.Param{ta.Bars("period", 30, 1, "bars in the sample")},
		Outputs: []ta.Output{{Name: "correl", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		joint := roll.NewJoint(a.Int("period"))
		var xx, yy [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			correl := out[0]
			xx, yy := xx[:len(correl)], yy[:len(correl)]
			lead := joint.Next(in[0], in[1], xx, yy, correl)
			roll.Correlation(correl[lead:], xx[lead:], yy[lead:], correl[lead:])
		}, joint)
	},
}
