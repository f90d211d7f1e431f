package plot

import (
	"math"
	"slices"
	"strings"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
)

// panes decides where everything is drawn. The first pane has the candles.
func (c Chart) panes() []*pane {
	price := &pane{height: priceHeight}
	if c.Candles.Volume != nil {
		price.marks = append(price.marks, volumeMark(c.Candles))
		price.foot = volumeShare
	}
	panes := []*pane{price}
	colour := 0
	next := func() int { colour++; return colour - 1 }
	front := candleMark(c.Candles)
	var over []mark
	for _, ind := range c.Indicators {
		var rest []int
		var drawn entry
		for k := range ind.Outputs {
			if !overlaid(ind, k, c.Candles) {
				rest = append(rest, k)
			}
		}
		if onPrice := without(len(ind.Outputs), rest); len(onPrice) > 0 {
			over = append(over, ind.marks(onPrice, next, &drawn)...)
			price.legend = append(price.legend, drawn)
		}
		for _, same := range byUnit(ind.Spec.Outputs, rest) {
			p := &pane{height: paneHeight, guide: true}
			colours, drawn := 0, entry{}
			p.marks = ind.marks(same, func() int { colours++; return colours - 1 }, &drawn)
			p.legend = []entry{drawn}
			panes = append(panes, p)
		}
	}
	price.marks = append(append(price.marks, front), over...)
	if c.run != nil {
		panes = append(panes, c.run.panes(price)...)
	}
	price.last, price.rising = lastClose(c.Candles)
	return panes
}

// overlaid says whether an output is drawn over the candles: when it is in the
// unit of prices and where the prices are. An average is; an average range, or
// the difference of two averages, is not.
func overlaid(ind Indicator, k int, s *candle.Series) bool {
	if ind.Spec.Outputs[k].Unit != ta.Price {
		return false
	}
	if ind.Spec.Group == ta.GroupOverlap {
		return true
	}
	low, high := s.Low, s.High
	if low == nil || high == nil {
		low, high = s.Close, s.Close
	}
	bottom, _ := limits(low)
	_, top := limits(high)
	mid := median(ind.Outputs[k])
	return bottom <= mid && mid <= top
}

// marks are the drawings of some outputs of one indicator, and its line of the
// legend. Two outputs called upper and lower are the edges of a band, one
// colour with what is between them; hist, and a signal, are bars from zero.
func (ind Indicator) marks(which []int, colour func() int, e *entry) (marks []mark) {
	e.label = ind.Label
	name := func(k int) string { return ind.Spec.Outputs[k].Name }
	upper := slices.IndexFunc(which, func(k int) bool { return name(k) == "upper" })
	lower := slices.IndexFunc(which, func(k int) bool { return name(k) == "lower" })
	band := upper >= 0 && lower >= 0
	shared := 0
	if band {
		shared = colour()
		marks = append(marks, bandMark(ind.Outputs[which[upper]], ind.Outputs[which[lower]], palette(shared)))
	}
	for i, k := range which {
		col := ind.Outputs[k]
		value := last(col)
		short := strings.TrimPrefix(name(k), ind.Spec.Name+"_")
		if short == ind.Spec.Name && len(which) == 1 {
			short = ""
		}
		switch {
		case strings.HasSuffix(name(k), "hist") || ind.Spec.Outputs[k].Unit == ta.Signal:
			// Behind the lines that it is the difference of.
			marks = append([]mark{histogramMark(col)}, marks...)
			e.values = append(e.values, reading{short, value, grey})
		case band:
			marks = append(marks, lineMark(col, palette(shared), i != upper && i != lower))
			e.values = append(e.values, reading{short, value, palette(shared)})
		default:
			c := palette(colour())
			marks = append(marks, lineMark(col, c, false))
			e.values = append(e.values, reading{short, value, c})
		}
	}
	return marks
}

// byUnit groups outputs that can share a scale, in order.
func byUnit(outputs []ta.Output, which []int) (groups [][]int) {
	at := map[ta.Unit]int{}
	for _, k := range which {
		u := outputs[k].Unit
		if _, ok := at[u]; !ok {
			at[u] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[u]] = append(groups[at[u]], k)
	}
	return groups
}

// without are the numbers below n that are not in some.
func without(n int, some []int) (others []int) {
	for k := range n {
		if !slices.Contains(some, k) {
			others = append(others, k)
		}
	}
	return others
}

// limits are the least and the greatest value, NaN when there is none.
func limits(cols ...[]float64) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	for _, col := range cols {
		for _, v := range col {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			if !(low <= v) {
				low = v
			}
			if !(high >= v) {
				high = v
			}
		}
	}
	return low, high
}

// median is the middle value, NaN when there is none.
func median(col []float64) float64 {
	var sound []float64
	for _, v := range col {
		if !math.IsNaN(v) {
			sound = append(sound, v)
		}
	}
	if len(sound) == 0 {
		return math.NaN()
	}
	slices.Sort(sound)
	return sound[len(sound)/2]
}

// last is the value of the newest bar.
func last(col []float64) float64 { return col[len(col)-1] }

// lastClose is the newest close, and whether its bar did not fall.
func lastClose(s *candle.Series) (price float64, rising bool) {
	price = last(s.Close)
	switch {
	case s.Open != nil:
		return price, price >= last(s.Open)
	case s.Bars > 1:
		return price, price >= s.Close[s.Bars-2]
	}
	return price, true
}
