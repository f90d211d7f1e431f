package plot

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/backtest"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// tested is a backtest of a strategy that is long for ten bars and short for ten.
func tested(s *candle.Series, rules backtest.Rules) *compute.Backtest { return turning(s, rules, 10) }

// turning is a backtest of a strategy that is long for so many bars and short for as
// many.
func turning(s *candle.Series, rules backtest.Rules, bars int) *compute.Backtest {
	signal := make([]float64, s.Bars)
	for i := range signal {
		signal[i] = float64(1 - i/bars%2*2)
	}
	prices := backtest.Bars{Open: s.Open, Close: s.Close}
	return &compute.Backtest{
		Strategy: &compute.Result{Spec: &ta.Spec{Name: "tide"}},
		Run:      backtest.Run(prices, signal, rules), Hold: backtest.Hold(prices, rules),
	}
}

// arrows are the filled triangles of a drawing.
func arrows(svg string) (n int) {
	for _, path := range strings.Split(svg, "<path ")[1:] {
		path, _, _ = strings.Cut(path, "/>")
		if strings.Count(path, "L") == 2 && strings.Contains(path, "Z") {
			n++
		}
	}
	return n
}

func TestBacktest(t *testing.T) {
	s := walk(100)
	b := tested(s, backtest.Rules{Cash: 1000, Fee: 0.001})
	text := svg(t, Backtest("IBM", s, b, 0))
	for _, want := range []string{"IBM", "100 bars, 2024-01-01 to ", "tide", "buys", "sells", "equity", "bought and kept", "drawdown %", "at most "} {
		if !strings.Contains(text, want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
	// Ten positions; what begins one ends the one before.
	if got := arrows(text); len(b.Run.Trades) != 10 || got != 10 {
		t.Errorf("%d arrows for %d trades, want 10 for 10", got, len(b.Run.Trades))
	}
	panes := Backtest("IBM", s, b, 0).panes()
	if len(panes) != 3 || panes[0].height != priceHeight || panes[1].height != equityHeight {
		t.Errorf("%d panes", len(panes))
	}
	// Of the last 15 bars only the trades that are there: that from 90 on, begun at 91
	// with the end of the one before.
	if text := svg(t, Backtest("IBM", s, b, 15)); arrows(text) != 1 || !strings.Contains(text, "15 bars, ") {
		t.Errorf("%d arrows in the last 15 bars, want 1", arrows(text))
	}
}

// TestManyBars: a chart has as many bars as it has places, and each has what its bars
// had: none of the picture grows with the run.
func TestManyBars(t *testing.T) {
	s := walk(3 * places)
	b := turning(s, backtest.Rules{Cash: 1000}, 1)
	c := Backtest("", s, b, 0)
	if c.Candles.Bars != places || len(c.run.equity) != places || c.span() != span(s) {
		t.Fatalf("%d bars and %d of the equity, %q", c.Candles.Bars, len(c.run.equity), c.span())
	}
	for i := range places {
		from, to := 3*i, 3*i+3
		m := c.Candles
		if m.Open[i] != s.Open[from] || m.Close[i] != s.Close[to-1] || m.High[i] != slices.Max(s.High[from:to]) || m.Low[i] != slices.Min(s.Low[from:to]) ||
			m.Time[i] != s.Time[from] || c.run.equity[i] != b.Run.Equity[to-1] || c.run.drawdown[i] != slices.Max(b.Run.Drawdown[from:to]) {
			t.Fatalf("bar %d is not what three were", i)
		}
	}
	type place struct {
		bar  int
		buys bool
	}
	last := map[place]float64{}
	all := turns(b.Run.Trades, s.Open)
	for _, turn := range all {
		last[place{turn.bar / 3, turn.buys}] = turn.price
	}
	if len(c.run.turns) != len(last) || len(all) < 2*len(last) {
		t.Errorf("%d of %d turns are drawn, in %d places", len(c.run.turns), len(all), len(last))
	}
	for i, turn := range c.run.turns {
		if want, ok := last[place{turn.bar, turn.buys}]; !ok || turn.price != want {
			t.Errorf("turn %d is %+v, want the price %v", i, turn, want)
		}
	}
	nan := math.NaN()
	if got := fold([]float64{nan, 2, nan, nan, 5, nan, 7}, 2, newest); !slices.Equal(got[:1], []float64{2}) || got[1] == got[1] || got[2] != 5 || got[3] != 7 {
		t.Errorf("with holes: %v", got)
	}
}

// Whatever came of it, every coordinate is finite.
func TestAnyBacktest(t *testing.T) {
	flat := &candle.Series{Open: []float64{5, 5, 5}, Close: []float64{5, 5, 5}, Bars: 3}
	ruin := &candle.Series{Open: []float64{5, 5, 5}, Close: []float64{5, 0, 5}, Bars: 3}
	holes := walk(50)
	holes.Open[12], holes.Close[30] = math.NaN(), math.NaN()
	for _, s := range []*candle.Series{flat, ruin, holes} {
		b := tested(s, backtest.Rules{Cash: 1e15, Slippage: 0.1})
		svg(t, Backtest("", s, b, 0))
		b.Run.Equity[1], b.Hold.Equity[1], b.Run.Drawdown[1] = math.Inf(1), math.NaN(), math.NaN()
		svg(t, Backtest("", s, b, 2))
	}
}
