package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// McGinley is McGinley's dynamic.
var McGinley = &ta.Indicator{
	Spec: ta.Spec{
		Name: "mcginley", Title: "McGinley Dynamic", Group: ta.GroupOverlap,
		Doc: `An average that sets its own speed by the market's: it hurries after a falling price, which costs its owner money, and dawdles below a rising one.

mcginley += (x − mcginley) / (k · n · (x / mcginley)⁴), starting from the mean of the first n prices. The step is never longer than the way to the price, where the formula would go beyond it and swing: on a fall to less than (1/(k·n))^¼ of the average, or where price and average are not of one sign. k is 0.6 in its author's formula; 1 is common, too.

J. R. McGinley, The McGinley Dynamic, Market Technicians Association Journal, 1997.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 20, 1, "bars averaged"),
			ta.Number("k", 0.6, 0.01, 100, "what the period is multiplied by"),
		},
		Outputs: []ta.Output{{Name: "mcginley", Unit: ta.Price}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return a.Int("period") - 1 },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewElastic(a.Int("period"), a.Float("k")*a.Float("period")))
	},
}
