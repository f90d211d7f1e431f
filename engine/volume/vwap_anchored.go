package volume

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// The years 1 to 9999 in Unix seconds.
const firstSecond, lastSecond = -62_135_596_800, 253_402_300_799

// VWAPAnchored is the volume-weighted average price since a given time.
var VWAPAnchored = &ta.Indicator{
	Spec: ta.Spec{
		Name: "vwap_anchored", Title: "Anchored VWAP", Group: ta.GroupVolume,
		Doc: `What was paid on average since an event: a high or a low, results, the turn of the year. Those who bought since then are on average ahead above it, and behind below it.

Σ p · volume / Σ volume over the bars that began at the anchor or later, p = (high + low + close) / 3. There is no value before the anchor, nor until something has been traded.

P. H. Levine, The MIDAS Method of Technical Analysis, 1995; B. Shannon, Maximum Trading Gains with Anchored VWAP, 2023.`,
		Inputs: []ta.Input{ta.High, ta.Low, ta.Close, ta.Volume, ta.Timestamp},
		Params: []ta.Param{{
			Name: "anchor", Min: firstSecond, Max: lastSecond, Integer: true,
			Doc: "when it begins, in Unix seconds; 0, the year 1970, is commonly the first bar",
		}},
		Outputs: []ta.Output{{Name: "vwap", Unit: ta.Price}},
		Memory:  ta.Running,
	},
	Warmup: func(ta.Args) int { return 0 },
	New:    func(a ta.Args) ta.Kernel { return paidSince(roll.NewAnchoredMean(a.Float("anchor"))) },
}
