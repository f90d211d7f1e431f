package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ADXR is the rating of the average directional index.
var ADXR = &ta.Indicator{
	Spec: ta.Spec{
		Name: "adxr", Title: "Average Directional Movement Index Rating", Group: ta.GroupMomentum,
		Doc: `The ADX with its swings halved, to compare markets by: how strong the trend is, now and a window ago.

(ADX + ADX[n − 1 bars before]) / 2.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars summed, averaged and looked back")},
		Outputs: []ta.Output{{Name: "adxr", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return 3*a.Int("period") - 2 },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		dx, average, lag := newDX(n), newPatient(n), roll.NewLag(n-1)
		var index, adx [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			adxr := out[0]
			index, adx := index[:len(adxr)], adx[:len(adxr)]
			lead, holes := dx.next(in, index)
			lead += average.next(index[lead:], adx[lead:], holes)
			lead += lag.Compare(adx[lead:], adxr[lead:], roll.Middle)
			roll.Blank(lead, adxr)
		}, dx.direction, dx.up, dx.down, average, lag)
	},
}
