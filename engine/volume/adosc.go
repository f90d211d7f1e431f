package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// ADOsc is Chaikin's oscillator.
var ADOsc = &ta.Indicator{
	Spec: ta.Spec{
		Name: "adosc", Title: "Chaikin A/D Oscillator", Group: ta.GroupVolume,
		Doc: `Whether buying or selling is gaining speed: the momentum of the accumulation/distribution line.

EMA(ad, fast) − EMA(ad, slow), both seeded by the line's first value. Where the line begins cancels.

M. Chaikin, about 1980; S. B. Achelis, Technical Analysis from A to Z, 1995.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close, ta.Volume},
		Params: []ta.Param{
			ta.Bars("fast_period", 3, 2, "bars of the fast average"),
			ta.Bars("slow_period", 10, 2, "bars of the slow average"),
		},
		Outputs: []ta.Output{{Name: "adosc", Unit: ta.Quantity}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return max(a.Int("fast_period"), a.Int("slow_period")) - 1 },
	New: func(a ta.Args) ta.Kernel {
		n, m := a.Int("fast_period"), a.Int("slow_period")
		// Both averages' distances from the line are made of its steps alone, and
		// the line itself cancels.
		fast, slow, early := roll.NewGapFromFirst(n), roll.NewGapFromFirst(m), roll.NewSkip(max(n, m)-1)
		var bought, gap [ta.Tile]float64
		return ta.NewKernel(func(in, out ta.Columns) {
			adosc := out[0]
			bought, gap := bought[:len(adosc)], gap[:len(adosc)]
			roll.Accumulation(bought, in[0], in[1], in[2], in[3])
			fast.Next(bought, adosc)
			slow.Next(bought, gap)
			roll.Sub(adosc, adosc, gap)
			roll.Blank(early.Next(len(adosc)), adosc)
		}, fast, slow, early)
	},
}
