package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// VOsc is the volume oscillator.
var VOsc = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vosc", Title: "Volume Oscillator", Group: ta.GroupVolume,
		Doc: `Whether more is traded than of late: a move of the price on a rising oscillator has followers. pvo is the same of exponential averages.

100 · (SMA(volume, fast) − SMA(volume, slow)) / SMA(volume, slow), 0 where that is 0. Periods given the wrong way round are exchanged.

S. B. Achelis, Technical Analysis from A to Z, 1995.`,
		Inputs: []ta.Input{ta.Volume},
		Params: []ta.Param{
			ta.Bars("fast_period", 5, 1, "bars of the fast average"),
			ta.Bars("slow_period", 10, 1, "bars of the slow average"),
		},
		Outputs: []ta.Output{{Name: "vosc", Unit: ta.Percent}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return max(a.Int("fast_period"), a.Int("slow_period")) - 1 },
	New: func(a ta.Args) ta.Kernel {
		n, m := a.Int("fast_period"), a.Int("slow_period")
		n, m = min(n, m), max(n, m)
		fast, slow := roll.NewSum(n), roll.NewSum(m)
		var sums [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			vosc, sums := out[0], sums[:len(in[0])]
			fast.Next(in[0], vosc)
			lead := slow.Next(in[0], sums)
			// Both means n·m times: sums of whole volumes, which are exact.
			roll.Scale(vosc[lead:], vosc[lead:], float64(m))
			roll.Scale(sums[lead:], sums[lead:], float64(n))
			roll.Growth(vosc[lead:], vosc[lead:], sums[lead:])
			roll.Scale(vosc[lead:], vosc[lead:], 100)
			roll.Blank(lead, vosc)
		}, fast, slow)
	},
}
