package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// AccBands are acceleration bands.
var AccBands = &ta.Indicator{
	Spec: ta.Spec{
		Name: "accbands", Title: "Acceleration Bands", Group: ta.GroupOverlap,
		Doc: `An average and two bands that widen with the range of the bars: a price that closes outside of them is accelerating.

upper = SMA(high · (1 + 4·r)), middle = SMA(close), lower = SMA(low · (1 − 4·r)), r = (high − low) / (high + low), 0 where high + low is 0.

P. Headley, Big Trends in Trading, 2002.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{ta.Bars("period", 20, 2, "bars averaged")},
		Outputs: []ta.Output{
			{Name: "upper", Unit: ta.Price}, {Name: "middle", Unit: ta.Price}, {Name: "lower", Unit: ta.Price},
		},
		Memory: ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		above, mean, below := roll.NewMean(n), roll.NewMean(n), roll.NewMean(n)
		var high, low [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			high, low := high[:len(out[0])], low[:len(out[0])]
			roll.Accelerate(high, low, in[0], in[1])
			above.Next(high, out[0])
			mean.Next(in[2], out[1])
			below.Next(low, out[2])
		}, above, mean, below)
	},
}
