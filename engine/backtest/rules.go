package backtest

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Rules are what a run is bound by.
type Rules struct {
	Cash           float64 // at the start, above zero
	Fee            float64 // of each order, as a part of its value
	FeeFixed       float64 // of each order, in the money of Cash
	Slippage       float64 // as a part of the open, against the trader
	Sides          Sides
	PeriodsPerYear float64 // bars in a year; 0 for as many as the times of the bars say
}

// Sides are the positions that may be held. A target on a side that may not counts
// as 0.
type Sides int

const (
	Both Sides = iota
	LongOnly
	ShortOnly
)

// mostCost bounds fee and slippage. At a tenth an order costs a fifth of its value,
// which no market does, and the equation of an order still has one solution.
const mostCost = 0.1

// Spec has the rules as parameters, with what each may be and what it is unless told.
var Spec = ta.Spec{
	Name: "a backtest", Title: "Rules of a backtest",
	Params: []ta.Param{
		ta.Number("cash", 10_000, 1e-6, 1e15, "what there is at the start"),
		ta.Number("fee", 0, 0, mostCost, "of each order, as a part of its value: 0.001 is a tenth of a percent"),
		ta.Number("fee_fixed", 0, 0, 1e12, "of each order, in money"),
		ta.Number("slippage", 0, 0, mostCost, "how much worse than the open an order is filled, as a part of it"),
		ta.Choice("sides", int(Both), []string{"both", "long", "short"}, "positions that may be held; a target on the other side counts as none"),
		ta.Number("periods_per_year", 0, 0, 1e8, "bars in a year, for the Sharpe ratio and its like; 0 for as many as the timestamps say, or 252 without them"),
	},
}

// RulesOf are the rules that the arguments of Spec name.
func RulesOf(a ta.Args) Rules {
	return Rules{
		Cash: a.Float("cash"), Fee: a.Float("fee"), FeeFixed: a.Float("fee_fixed"), Slippage: a.Float("slippage"),
		Sides: Sides(a.Int("sides")), PeriodsPerYear: a.Float("periods_per_year"),
	}
}

// allow is what a signal that is not NaN asks for, within the rules.
func (r *Rules) allow(signal float64) float64 {
	low, high := -1.0, 1.0
	switch r.Sides {
	case LongOnly:
		low = 0
	case ShortOnly:
		high = 0
	}
	return min(max(signal, low), high)
}
