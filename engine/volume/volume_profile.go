package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// VolumeProfile is where most of the volume of a window was traded.
var VolumeProfile = &ta.Indicator{
	Spec: ta.Spec{
		Name: "volume_profile", Title: "Volume Profile", Group: ta.GroupVolume,
		Doc: `At which prices the last n bars traded: the one at which they traded most, which draws prices to it, and the area around it that has most of the volume, outside of which a price is taken for too high or too low.

The range from the lowest low to the highest high of n bars is cut into bins of one width. Nothing is known of how a bar's volume was spread over its prices, so it is spread evenly from its low to its high, a bar without a range in one bin; a price within a billionth of a bin of an edge is on it, and in the bin above. poc is the middle of the bin with the most volume; of equal ones the one nearest the middle of the range, then the lower. The value area begins with that bin. The two bins above it or the two below it, whichever have more volume, the ones above where they are equal, are added until it has value_area percent of all; value_high and value_low are its ends. There is no value where nothing was traded. The work of a bar grows with n and with the bins.

J. P. Steidlmayer's market profile of 1985, as in J. F. Dalton, E. T. Jones and R. B. Dalton, Mind over Markets, 1990, whose value area adds two prices at a time in the same way; bins and the even spread are of charting programs.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Volume},
		Params: []ta.Param{
			{Name: "period", Default: 100, Min: 1, Max: 250, Integer: true, Doc: "bars of the profile"},
			{Name: "bins", Default: 24, Min: 2, Max: 50, Integer: true, Doc: "parts of the range"},
			ta.Number("value_area", 70, 1, 99, "percent of the volume that the value area has at least"),
		},
		Outputs: []ta.Output{
			{Name: "poc", Unit: ta.Price, Doc: "the point of control: the middle of the bin with the most volume"},
			{Name: "value_high", Unit: ta.Price, Doc: "the top of the value area"},
			{Name: "value_low", Unit: ta.Price, Doc: "the bottom of the value area"},
		},
		Memory: ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		profile := roll.NewProfile(a.Int("period"), a.Int("bins"), a.Float("value_area")/100)
		return ta.NewKernel(func(in, out ta.Columns) {
			profile.Next(in[0], in[1], in[2], out[0], out[1], out[2])
		}, profile)
	},
}
