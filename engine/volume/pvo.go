package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PVO is the percentage volume oscillator.
var PVO = &ta.Indicator{
	Spec: ta.Spec{
		Name: "pvo", Title: "Percentage Volume Oscillator", Group: ta.GroupVolume,
		Doc: `How many percent the volume of late is above or below what it is in the longer run.

100 · (MA(volume, fast) − MA(volume, slow)) / MA(volume, slow), 0 where the slow average is 0. Periods given the wrong way round are exchanged.

Long in use; G. Appel's MACD, 1979, in percent and of volumes.`,
		Inputs: []ta.Input{ta.Volume},
		Params: []ta.Param{
			ta.Bars("fast_period", 12, 2, "bars of the fast average"),
			ta.Bars("slow_period", 26, 2, "bars of the slow average"),
			ta.Choice("ma_type", 1, roll.Averages, "the averages; default is ema, disabled the volume itself"),
		},
		Outputs: []ta.Output{{Name: "pvo", Unit: ta.Percent}},
		Memory:  ta.Fading, // a window with averages that are one, such as sma
	},
	Warmup: func(a ta.Args) int {
		kind, n, m := averages(a)
		return max(roll.AverageLead(kind, n), roll.AverageLead(kind, m))
	},
	New: func(a ta.Args) ta.Kernel {
		kind, n, m := averages(a)
		fast, slow := roll.NewAverage(kind, n), roll.NewAverage(kind, m)
		var long [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			pvo := out[0]
			long := long[:len(pvo)]
			fast.Next(in[0], pvo)
			lead := slow.Next(in[0], long)
			roll.Sub(pvo[lead:], pvo[lead:], long[lead:])
			roll.Percent(pvo[lead:], pvo[lead:], long[lead:])
			roll.Blank(lead, pvo)
		}, fast, slow)
	},
}

// averages are the kind of a's averages, and their periods, the shorter first.
func averages(a ta.Args) (kind string, fast, slow int) {
	if kind = a.Choice("ma_type"); kind == "default" {
		kind = "ema"
	}
	n, m := a.Int("fast_period"), a.Int("slow_period")
	return kind, min(n, m), max(n, m)
}
