package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// VWAP is the volume-weighted average price.
var VWAP = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vwap", Title: "Volume Weighted Average Price", Group: ta.GroupVolume,
		Doc: `What was paid on average since the first bar: those who bought for less did well. It begins with the series and knows no sessions, so send one session to have its own.

Σ p · volume / Σ volume over all bars so far, p = (high + low + close) / 3; 0 while nothing has been traded.

S. A. Berkowitz, D. E. Logue and E. A. Noser, The Total Cost of Transactions on the NYSE, The Journal of Finance, 1988.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close, ta.Volume},
		Outputs: []ta.Output{{Name: "vwap", Unit: ta.Price}},
		Memory:  ta.Running,
	},
	Warmup: func(ta.Args) int { return 0 },
	New: func(ta.Args) ta.Kernel {
		paid, traded := roll.NewTotal(), roll.NewTotal()
		var money, volumes [ta.Tile]float64
		return ta.NewTicking(func(in, out ta.Columns) {
			vwap := out[0]
			money, volumes := money[:len(vwap)], volumes[:len(vwap)]
			roll.Typical(money, in[0], in[1], in[2])
			roll.Mul(money, money, in[3])
			paid.Next(money, vwap)
			traded.Next(in[3], volumes)
			roll.Ratio(vwap, vwap, volumes, 0)
		}, func(high, low, close, volume float64) (vwap, _, _ float64) {
			if ta.Holes(high, low, close, volume) {
				return ta.NoValues()
			}
			money := float64(roll.TypicalOf(high, low, close) * volume) // not fused with the total
			return roll.RatioOf(paid.Tick(money), traded.Tick(volume), 0), 0, 0
		}, paid, traded)
	},
}
