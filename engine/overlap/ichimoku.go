package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Ichimoku is the equilibrium chart at one glance.
var Ichimoku = &ta.Indicator{
	Spec: ta.Spec{
		Name: "ichimoku", Title: "Ichimoku Kinko Hyo", Group: ta.GroupOverlap,
		Doc: `Where the market is in balance over three spans. A price above the cloud is read as an up trend, below it as a down trend, and within it as none; tenkan above kijun confirms the one, below it the other.

M(n) = (highest high + lowest low) / 2 of the last n bars; tenkan = M(tenkan_period), kijun = M(kijun_period), senkou_a = (tenkan + kijun) / 2, senkou_b = M(senkou_period).

A chart draws some lines at other bars than those that they are computed from; here no value is at a bar before all that it is made of has been seen. With d = displacement − 1, since Hosoda counts this bar as the first: senkou_a and senkou_b are this bar's, which a chart draws d bars later; cloud_a and cloud_b are those of d bars before, the cloud that a chart draws at this bar; chikou is this bar's close, which a chart draws d bars earlier, and past_close is the close of d bars before, which it is there compared with.

G. Hosoda (Ichimoku Sanjin), Ichimoku Kinko Hyo, 1969.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close},
		Params: []ta.Param{
			ta.Bars("tenkan_period", 9, 1, "bars of the turning line"),
			ta.Bars("kijun_period", 26, 1, "bars of the base line"),
			ta.Bars("senkou_period", 52, 1, "bars of the slow edge of the cloud"),
			ta.Bars("displacement", 26, 1, "bars that the cloud is drawn ahead, this one counted; 1 does not move it"),
		},
		Outputs: []ta.Output{
			{Name: "tenkan", Unit: ta.Price, Doc: "the turning line"},
			{Name: "kijun", Unit: ta.Price, Doc: "the base line"},
			{Name: "senkou_a", Unit: ta.Price, Doc: "the fast edge of the cloud that is drawn displacement − 1 bars later"},
			{Name: "senkou_b", Unit: ta.Price, Doc: "the slow edge of that cloud"},
			{Name: "cloud_a", Unit: ta.Price, Doc: "the fast edge of the cloud at this bar: senkou_a of displacement − 1 bars before"},
			{Name: "cloud_b", Unit: ta.Price, Doc: "the slow edge of that cloud"},
			{Name: "chikou", Unit: ta.Price, Doc: "the close, which is drawn displacement − 1 bars earlier"},
			{Name: "past_close", Unit: ta.Price, Doc: "the close of displacement − 1 bars before"},
		},
		Memory: ta.Window,
	},
	Warmup: func(a ta.Args) int {
		return max(a.Int("tenkan_period"), a.Int("kijun_period"), a.Int("senkou_period")) - 1 + a.Int("displacement") - 1
	},
	New: func(a ta.Args) ta.Kernel {
		var ranges [3]*roll.Range
		var parts []ta.State
		for k, name := range [...]string{"tenkan_period", "kijun_period", "senkou_period"} {
			ranges[k] = roll.NewRange(a.Int(name))
			parts = append(parts, ranges[k])
		}
		d := a.Int("displacement") - 1
		fast, slow, past := roll.NewLag(d), roll.NewLag(d), roll.NewLag(d)
		var bottom [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			tenkan, kijun, a, b, cloudA, cloudB, chikou, before := out[0], out[1], out[2], out[3], out[4], out[5], out[6], out[7]
			lead := 0
			for k, middle := range [...][]float64{tenkan, kijun, b} {
				bottom := bottom[:len(middle)]
				from := ranges[k].Next(in[0], in[1], middle, bottom)
				roll.Middle(middle[from:], middle[from:], bottom[from:])
				lead = max(lead, from)
			}
			roll.Middle(a[lead:], tenkan[lead:], kijun[lead:])
			copy(chikou, in[2])
			past.Next(in[2], before)
			fast.Next(a[lead:], cloudA[lead:])
			lead += slow.Next(b[lead:], cloudB[lead:])
			roll.Blank(lead, out...)
		}, append(parts, fast, slow, past)...)
	},
}
