package plot

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"github.com/gravitywavesml/gravity_techanalysis/engine/backtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// equityHeight is more than other panes have: it is what a backtest is about.
const equityHeight = 150

// places are how many bars a chart of a backtest draws, one to a point: of more, so
// many are drawn as one that all are.
const places = width - marginLeft - marginRight

// Backtest is a chart of what a strategy made of candles: where it bought and sold,
// its equity over that of who holds, and how far that is below its high. Of the
// candles only the last bars are drawn, 0 for all.
func Backtest(title string, candles *candle.Series, b *compute.Backtest, last int) Chart {
	strategy := &run{
		label: b.Strategy.Spec.Name, equity: b.Run.Equity, hold: b.Hold.Equity,
		drawdown: b.Run.Drawdown, turns: turns(b.Run.Trades, candles.Open),
	}
	c, err := Chart{Title: title, Candles: candles, Bars: last, run: strategy}.cut()
	if err != nil {
		return Chart{Candles: candles} // Write says why
	}
	c.run.said = span(c.Candles)
	each := (c.Candles.Bars + places - 1) / places
	c.Candles, c.run = merge(c.Candles, each), c.run.merge(each)
	return c
}

// run is what a strategy made of the candles of a Chart.
type run struct {
	label                  string
	equity, hold, drawdown []float64
	turns                  []turn
	said                   string // of the candles, before they were merged
}

// turn is where a trade began or ended.
type turn struct {
	bar   int
	price float64
	buys  bool
}

// turns are those of trades. They are drawn at the opens: the prices of a trade are
// those of all its orders on average.
func turns(trades []backtest.Trade, open []float64) (all []turn) {
	for _, t := range trades {
		long := t.Side == backtest.Long
		all = append(all, turn{t.Entry, open[t.Entry], long})
		if t.End != backtest.StillOpen {
			all = append(all, turn{t.Exit, open[t.Exit], !long})
		}
	}
	return all
}

// span says in words what the candles cover.
func (c Chart) span() string {
	if c.run != nil && c.run.said != "" {
		return c.run.said
	}
	return span(c.Candles)
}

// cut is r without the first bars.
func (r *run) cut(from int) *run {
	if r == nil {
		return nil
	}
	short := *r
	short.equity, short.hold, short.drawdown, short.turns = r.equity[from:], r.hold[from:], r.drawdown[from:], nil
	for _, t := range r.turns {
		if t.bar -= from; t.bar >= 0 {
			short.turns = append(short.turns, t)
		}
	}
	return &short
}

// merge makes one bar of so many. Of what was bought there the newest is drawn, and of
// what was sold.
func (r *run) merge(each int) *run {
	m := *r
	m.equity, m.hold, m.drawdown, m.turns = fold(r.equity, each, newest), fold(r.hold, each, newest), fold(r.drawdown, each, most), nil
	type arrow struct {
		bar  int
		buys bool
	}
	drawn := make(map[arrow]int)
	for _, t := range r.turns {
		t.bar /= each
		a := arrow{t.bar, t.buys}
		if i, ok := drawn[a]; ok {
			m.turns[i] = t
			continue
		}
		drawn[a] = len(m.turns)
		m.turns = append(m.turns, t)
	}
	return &m
}

// merge makes one candle of so many.
func merge(s *candle.Series, each int) *candle.Series {
	m := &candle.Series{
		Open: fold(s.Open, each, oldest), High: fold(s.High, each, most), Low: fold(s.Low, each, least),
		Close: fold(s.Close, each, newest), Volume: fold(s.Volume, each, sum), Bars: (s.Bars + each - 1) / each,
	}
	for i := 0; s.Time != nil && i < s.Bars; i += each {
		m.Time = append(m.Time, s.Time[i])
	}
	return m
}

// fold makes one value of so many, those that are missing left out.
func fold(col []float64, each int, f func(a, b float64) float64) []float64 {
	if col == nil {
		return nil
	}
	out := make([]float64, 0, len(col)/each+1)
	for i, v := range col {
		if i%each == 0 {
			out = append(out, v)
			continue
		}
		switch now := &out[len(out)-1]; {
		case *now != *now:
			*now = v
		case v == v:
			*now = f(*now, v)
		}
	}
	return out
}

func oldest(a, _ float64) float64 { return a }
func newest(_, b float64) float64 { return b }
func most(a, b float64) float64   { return max(a, b) }
func least(a, b float64) float64  { return min(a, b) }
func sum(a, b float64) float64    { return a + b }

// panes are those of the run below the price, which gets the marks of its trades.
func (r *run) panes(price *pane) []*pane {
	price.marks = append(price.marks, turnMark(r.turns))
	price.legend = append(price.legend, entry{r.label, []reading{{"buys", math.NaN(), green}, {"sells", math.NaN(), red}}})
	down := make([]float64, len(r.drawdown))
	for i, d := range r.drawdown {
		down[i] = -100*d + 0 // +0: no "-0"
	}
	return []*pane{{
		height: equityHeight,
		marks:  []mark{lineMark(r.hold, grey, true), lineMark(r.equity, palette(0), false)},
		legend: []entry{{"equity", []reading{{"", last(r.equity), palette(0)}}}, {"bought and kept", []reading{{"", last(r.hold), grey}}}},
	}, {
		height: paneHeight,
		marks:  []mark{bandMark(make([]float64, len(down)), down, red), lineMark(down, red, false)},
		legend: []entry{{"drawdown %", []reading{{fmt.Sprintf("at most %.1f", -lowest(down)), math.NaN(), red}}}},
	}}
}

// lowest is the least value, 0 where there is none.
func lowest(col []float64) float64 {
	low, _ := limits(col)
	if math.IsNaN(low) {
		return 0
	}
	return low
}

// turnMark draws an arrow up from below at each purchase and one down from above at
// each sale, with its point at the price.
func turnMark(turns []turn) mark {
	return mark{math.NaN(), math.NaN(), func(dc draw.Canvas, p *pane) {
		const half, high = 3.5, 7
		for _, t := range turns {
			if !(p.low <= t.price && t.price <= p.high) {
				continue
			}
			at := vg.Point{X: p.x(t.bar), Y: p.y(t.price)}
			foot := at.Y + high
			if t.buys {
				foot = at.Y - high
			}
			dc.FillPolygon(direction(t.buys), []vg.Point{at, {X: at.X - half, Y: foot}, {X: at.X + half, Y: foot}})
		}
	}}
}
