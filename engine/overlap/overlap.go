// Package overlap has the indicators that are drawn over the price: moving
// averages and bands.
package overlap

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists the group.
var Indicators = []*ta.Indicator{
	SMA, EMA, WMA, DEMA, TEMA, TRIMA, KAMA, T3, BBands,
	AccBands, Donchian, HMA, Trendline, KC, MA, MAMA, MAVP, MidPoint, MidPrice, RMA, SAR, SARExt,
	SuperTrend, VWMA, ZLEMA, McGinley, Ichimoku, Chandelier,
	PivotFloor, PivotWoodie, PivotCamarilla, PivotFibonacci, PivotDeMark, PsychLevels, VIDYA,
	PreviousSession, SwingLevels, FibRetracement, FibExtension,
}

// average is the Spec that all moving averages share.
func average(name, title, doc string, memory ta.Memory) ta.Spec {
	return averageOver(30, name, title, doc, memory)
}

func averageOver(n int, name, title, doc string, memory ta.Memory) ta.Spec {
	return ta.Spec{
		Name: name, Title: title, Doc: doc, Group: ta.GroupOverlap,
		Inputs:  []ta.Input{ta.Real},
		Params:  []ta.Param{ta.Bars("period", n, 1, "bars averaged; 1 gives the series itself")},
		Outputs: []ta.Output{{Name: name, Unit: ta.Price}},
		Memory:  memory,
	}
}
