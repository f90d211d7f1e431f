package overlap

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// T3 is Tillson's triple generalised double exponential average.
var T3 = &ta.Indicator{
	Spec: ta.Spec{
		Name: "t3", Title: "Tillson T3 Moving Average", Group: ta.GroupOverlap,
		Doc: `A smooth average with little lag. The volume factor says how much of the lag is taken out: 0 gives an EMA of an EMA of an EMA, 1 a DEMA of a DEMA of a DEMA.

t3 = GD(GD(GD(x))), GD(x) = (1 + v)·EMA(x, n) − v·EMA(EMA(x, n), n).

T. Tillson, Better Moving Averages, Stocks & Commodities 16:1, 1998.`,
		Inputs: []ta.Input{ta.Real},
		Params: []ta.Param{
			ta.Bars("period", 5, 1, "bars of each of the six averages; 1 gives the series itself"),
			ta.Number("vfactor", 0.7, 0, 1, "volume factor"),
		},
		Outputs: []ta.Output{{Name: "t3", Unit: ta.Price}},
		Memory:  ta.Fading,
	},
	Warmup: func(a ta.Args) int { return roll.AverageLead("t3", a.Int("period")) },
	New: func(a ta.Args) ta.Kernel {
		return roll.Kernel(roll.NewT3(a.Int("period"), a.Float("vfactor")))
	},
}
