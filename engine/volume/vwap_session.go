package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// VWAPSession is the volume-weighted average price of a session.
var VWAPSession = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vwap_session", Title: "VWAP with Session Reset", Group: ta.GroupVolume,
		Doc: `What was paid on average since the session began: what those who trade for others within a day are measured by.

Σ p · volume / Σ volume over the bars of the session so far, p = (high + low + close) / 3. A session is a day that begins session_start minutes after midnight, UTC: 0 where trade never stops, and for other markets any minute at which they are closed, so that a change to summer time does not matter. There is no value until something has been traded in the session. vwap is the same without sessions.

S. A. Berkowitz, D. E. Logue and E. A. Noser, The Total Cost of Transactions on the NYSE, The Journal of Finance, 1988.`,
		Inputs:  []ta.Input{ta.High, ta.Low, ta.Close, ta.Volume, ta.Timestamp},
		Params:  []ta.Param{{Name: "session_start", Max: 24*60 - 1, Integer: true, Doc: "minutes after midnight, UTC, at which sessions begin"}},
		Outputs: []ta.Output{{Name: "vwap", Unit: ta.Price}},
		Memory:  ta.Fading, // nothing of a session is left in the next
	},
	Warmup: func(ta.Args) int { return 0 },
	New:    func(a ta.Args) ta.Kernel { return paidSince(roll.NewSessionMean(a.Int("session_start"))) },
}

// paidSince makes the kernel of a mean price.
func paidSince(mean *roll.Weighed) ta.Kernel {
	var price [ta.Tile]float64
	return ta.NewKernel(func(in, out ta.Columns) {
		price := price[:len(out[0])]
		roll.Typical(price, in[0], in[1], in[2])
		mean.Next(price, in[3], in[4], out[0])
	}, mean)
}
