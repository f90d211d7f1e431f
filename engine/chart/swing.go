package chart

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/engine/volatility"
)

// Swing is a turn of the price: the highest high before it fell, or the lowest
// low before it rose, by the reversal asked for. Highs and lows alternate.
type Swing struct {
	Bar   int // where it is
	Known int // whose close confirmed it, after Bar
	Price float64
	High  bool
}

// swingParams are the parameters that say what counts as a turn.
func swingParams(reversal float64) []ta.Param {
	return []ta.Param{
		ta.Number("reversal", reversal, 0, 1e6, "how far the price must come back from a high or low to make it a turn, in unit"),
		ta.Choice("unit", 0, []string{"atr", "percent"}, "average true ranges, or parts of a hundred of the price"),
		ta.Bars("atr_period", 14, 1, "bars of the average true range"),
	}
}

// swings are the turns by the parameters of swingParams.
func swings(b Bars, a ta.Args) []Swing {
	reversal := a.Float("reversal")
	if a.Choice("unit") == "percent" {
		return zigzag(b, func(_ int, price float64) float64 { return reversal / 100 * math.Abs(price) })
	}
	ranges := trueRanges(b, a)
	return zigzag(b, func(bar int, _ float64) float64 { return reversal * ranges[bar] })
}

// trueRanges is the average true range of each bar.
func trueRanges(b Bars, a ta.Args) []float64 {
	return run(volatility.ATR, map[string]any{"period": a.Int("atr_period")}, b.High, b.Low, b.Close)[0]
}

// run computes an indicator with parameters that are known to be in its range.
func run(ind *ta.Indicator, given map[string]any, in ...[]float64) ta.Columns {
	a, err := ind.Args(given)
	if err != nil {
		panic("chart: " + err.Error())
	}
	return ind.Run(a, in)
}

// zigzag finds the turns. reach says how far the price must have come back, at a
// bar, from an extreme of that price; NaN is never reached.
//
// Nobody knows in which order a bar had its high and its low, so one that sets a
// new extreme does not confirm it; and a turn, once known, stays.
func zigzag(b Bars, reach func(bar int, price float64) float64) []Swing {
	if b.Len() == 0 {
		return nil
	}
	var turns []Swing
	trend := Neutral // at first nobody knows
	highs, lows := peaks{prices: b.High, high: true}, peaks{prices: b.Low}
	highs.add(0)
	lows.add(0)
	high, low := highs.since(0), lows.since(0)
	for i := 1; i < b.Len(); i++ {
		highs.add(i)
		lows.add(i)
		if trend >= 0 && b.High[i] > high.Price {
			high = highs.since(i)
		}
		if trend <= 0 && b.Low[i] < low.Price {
			low = lows.since(i)
		}
		back := func(by, from float64) bool { return by > 0 && by >= reach(i, from) }
		top := trend >= 0 && high.Bar < i && back(high.Price-b.Low[i], high.Price)
		bottom := trend <= 0 && low.Bar < i && back(b.High[i]-low.Price, low.Price)
		if top && bottom { // only at first: the older extreme was the turn
			before, since := low.Bar-high.Bar, b.Close[i]-b.Close[high.Bar]
			top, bottom = before > 0 || before == 0 && since < 0, before < 0 || before == 0 && since > 0
		}
		switch {
		case top:
			high.Known = i
			turns = append(turns, high)
			trend, low = Bearish, lows.since(high.Bar+1)
		case bottom:
			low.Known = i
			turns = append(turns, low)
			trend, high = Bullish, highs.since(low.Bar+1)
		}
	}
	return turns
}
