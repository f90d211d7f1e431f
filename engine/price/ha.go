package price

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// HA are Heikin-Ashi bars.
var HA = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ha", Title: "Heikin-Ashi", Group: ta.GroupPrice,
		Doc: `Bars that each begin in the middle of the one before, so that a trend is a row of one colour: without a lower shadow while it rises, without an upper one while it falls.

ha_close = (open + high + low + close) / 4; ha_open = (ha_open + ha_close) / 2 of the bar before, for the first bar (open + close) / 2; ha_high = max(high, ha_open, ha_close); ha_low = min(low, ha_open, ha_close).

D. Valcu, Using the Heikin-Ashi Technique, Technical Analysis of Stocks & Commodities, 2004.`,
		Inputs: []ta.Input{ta.Open, ta.High, ta.Low, ta.Close},
		Outputs: []ta.Output{
			{Name: "ha_open", Unit: ta.Price}, {Name: "ha_high", Unit: ta.Price},
			{Name: "ha_low", Unit: ta.Price}, {Name: "ha_close", Unit: ta.Price},
		},
		Memory: ta.Fading,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(ta.Args) ta.Kernel {
		before, midway := roll.NewLag(1), roll.NewMidway()
		var middle [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			open, high, low, close := out[0], out[1], out[2], out[3]
			middle := middle[:len(open)]
			average(close, in)
			lead := before.Next(close, middle)
			if lead > 0 { // nothing is before the first bar
				middle[0] = (in[0][0] + in[3][0]) / 2
			}
			midway.Next(middle, open)
			roll.Greater(high, in[1], open)
			roll.Greater(high, high, close)
			roll.Lesser(low, in[2], open)
			roll.Lesser(low, low, close)
		}, before, midway)
	},
}
