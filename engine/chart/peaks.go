package chart

import "sort"

// peaks says which of the bars from some bar to the newest has the highest high,
// or the lowest low; of equal ones the first. It keeps the bars that no later one
// is beyond, so that a bar costs the same however far back is asked.
type peaks struct {
	prices []float64
	high   bool
	bars   []int // each beyond, or equal to, those behind it
}

// beyond says whether the price of bar i is beyond that of bar j.
func (p *peaks) beyond(i, j int) bool {
	if p.high {
		return p.prices[i] > p.prices[j]
	}
	return p.prices[i] < p.prices[j]
}

// add makes bar i, which follows the one before, the newest.
func (p *peaks) add(i int) {
	n := len(p.bars)
	for n > 0 && p.beyond(i, p.bars[n-1]) {
		n--
	}
	p.bars = append(p.bars[:n], i)
}

// since is the extreme of the bars from that one on.
func (p *peaks) since(from int) Swing {
	bar := p.bars[sort.SearchInts(p.bars, from)]
	return Swing{Bar: bar, Price: p.prices[bar], High: p.high}
}
