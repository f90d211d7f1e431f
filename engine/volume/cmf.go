package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// CMF is Chaikin's money flow.
var CMF = &ta.Indicator{
	Spec: ta.Spec{
		Name: "cmf", Title: "Chaikin Money Flow", Group: ta.GroupVolume,
		Doc: `How much of the volume of the last n bars was bought, less what was sold, judged by where each bar closes in its range: 1 when every bar closed at its high, −1 when every one did at its low.

Σ volume · ((close − low) − (high − close)) / (high − low) / Σ volume over n bars, 0 for a bar without a range; 0 where there is no volume.

M. Chaikin; S. B. Achelis, Technical Analysis from A to Z, 1995.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close, ta.Volume},
		Params:  []ta.Param{ta.Bars("period", 20, 2, "bars summed")},
		Outputs: []ta.Output{{Name: "cmf", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		money, traded := roll.NewSum(a.Int("period")), roll.NewSum(a.Int("period"))
		var bought, volumes [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			cmf := out[0]
			bought, volumes := bought[:len(cmf)], volumes[:len(cmf)]
			roll.Accumulation(bought, in[0], in[1], in[2], in[3])
			lead := money.Next(bought, cmf)
			traded.Next(in[3], volumes)
			roll.Ratio(cmf[lead:], cmf[lead:], volumes[lead:], 0)
		}, money, traded)
	},
}
