package volume

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// PVO is the percentage volume oscillator.
var PVO = &ta.Indicator{
	Spec: ta.Spec{
		Name: "pvo", Title: "Percentage Volume Oscillator", Group: ta.GroupVolume,
		Doc: `How many percent the volume of late is above or below what it is in the longer run.

100 · (MA(volume, fast) − MA(volume, slow)) / MA(volume, slow), 0 where the slow average is 0, and where both differ by rounding alone, as averages of an unchanging volume may. Periods given the wrong way round are exchanged.

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
		n := max(a.Int("fast_period"), a.Int("slow_period"))
		return roll.AverageLead(roll.KindOr(a.Choice("ma_type"), "ema"), n)
	},
	New: func(a ta.Args) ta.Kernel {
		n, m, kind := a.Int("fast_period"), a.Int("slow_period"), roll.KindOr(a.Choice("ma_type"), "ema")
		fast, slow := roll.NewAverage(kind, min(n, m)), roll.NewAverage(kind, max(n, m))
		var long [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			pvo := out[0]
			long := long[:len(pvo)]
			fast.Next(in[0], pvo)
			lead := slow.Next(in[0], long)
			roll.Sub(pvo[lead:], pvo[lead:], long[lead:])
			for i, slow := range long[lead:] {
				if math.Abs(pvo[lead+i]) <= roll.Flat*math.Abs(slow) {
					pvo[lead+i] = 0
				}
			}
			roll.Percent(pvo[lead:], pvo[lead:], long[lead:])
			roll.Blank(lead, pvo)
		}, fast, slow)
	},
}
