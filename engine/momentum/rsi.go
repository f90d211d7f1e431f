package momentum

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// RSI is the relative strength index.
var RSI = &ta.Indicator{
	Spec: ta.Spec{
		Name: "rsi", Title: "Relative Strength Index", Group: ta.GroupMomentum,
		Doc: `How much of the recent movement was upward: 100 when every step was a gain, 0 when every one was a loss or there was none. Above 70 is commonly read as overbought, below 30 as oversold.

100 · gain / (gain + loss), where gain and loss are Wilder's averages over n bars of the steps up and down.

J. W. Wilder, New Concepts in Technical Trading Systems, 1978.`,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", 14, 2, "bars averaged")},
		Outputs: []ta.Output{{Name: "rsi", Unit: ta.Percent}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewStrength(a.Int("period")))
	},
}
