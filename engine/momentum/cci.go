package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// CCI is the commodity channel index.
var CCI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "cci", Title: "Commodity Channel Index", Group: ta.GroupMomentum,
		Doc: `How far the price is from its average, measured by how far it usually is. Most values lie between −100 and 100; beyond them a move is unusual.

(p − mean) / (0.015 · deviation), where p = (high + low + close) / 3, mean is its mean over n bars and deviation its mean distance from that mean; 0 where the prices are flat.

D. R. Lambert, Commodity Channel Index: Tool for Trading Cyclic Trends, Commodities, 1980.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars averaged")},
		Outputs: []ta.Output{{Name: "cci", Unit: ta.Ratio}},
		Memory:  ta.Window,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		window := roll.NewChannel(a.Int("period"))
		k := ta.NewKernel(func(in, out ta.Columns) {
			window.Next(in[0], in[1], in[2], out[0])
		}, window)
		return ta.Watchful(k, func(in, out ta.Columns) bool { return window.Watch(in[0], in[1], in[2], out[0]) })
	},
}
