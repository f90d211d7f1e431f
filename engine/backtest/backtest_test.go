package backtest

import (
	"math"
	"slices"
	"testing"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

// TestByHand are runs that a person can follow on paper. All numbers are exact in
// binary, so the figures are, too.
func TestByHand(t *testing.T) {
	// Bought for a quarter more than the open, and sold for a quarter less: of
	// 1000, 80 units at 10 and costs of 200.
	dear := Rules{Cash: 1000, Fee: 0.25}
	slips := Rules{Cash: 1000, Slippage: 0.25}
	for name, test := range map[string]struct {
		rules       Rules
		open, close []float64
		signal      []float64
		equity      []float64
		trades      []Trade
	}{
		"nothing wanted": {
			Rules{Cash: 1000}, []float64{10, 11}, []float64{10, 12}, []float64{nan, 0}, []float64{1000, 1000}, nil,
		},
		"the signal of a bar is filled at the open of the next": {
			Rules{Cash: 1000}, []float64{10, 10, 12, 12, 8}, []float64{10, 11, 12, 9, 8}, []float64{1, nan, 0, 0, 1},
			[]float64{1000, 1100, 1200, 1200, 1200},
			[]Trade{{Long, 1, 3, 100, 10, 12, 2, 0, 200, 0.2, BySignal}},
		},
		"that of the last bar is not": {
			Rules{Cash: 1000}, []float64{10, 20}, []float64{10, 20}, []float64{0, 1}, []float64{1000, 1000}, nil,
		},
		"a fee on both sides": {
			dear, []float64{10, 10, 20}, []float64{10, 10, 20}, []float64{1, 0, 0}, []float64{1000, 800, 1200},
			[]Trade{{Long, 1, 2, 80, 10, 20, 2, 600, 200, 0.25, BySignal}},
		},
		"slippage on both sides": {
			slips, []float64{10, 10, 20}, []float64{10, 10, 20}, []float64{1, 0, 0}, []float64{1000, 800, 1200},
			[]Trade{{Long, 1, 2, 80, 12.5, 15, 2, 0, 200, 0.2, BySignal}},
		},
		"a short pays them as well": {
			dear, []float64{10, 10, 5}, []float64{10, 10, 5}, []float64{-1, 0, 0}, []float64{1000, 800, 1100},
			[]Trade{{Short, 1, 2, 80, 10, 5, 2, 300, 100, 0.125, BySignal}},
		},
		"a fixed fee is paid first": {
			Rules{Cash: 1000, FeeFixed: 200}, []float64{10, 10, 20}, []float64{10, 10, 20}, []float64{1, 0, 0}, []float64{1000, 800, 1400},
			[]Trade{{Long, 1, 2, 80, 10, 20, 2, 400, 400, 0.5, BySignal}},
		},
		"what cannot pay it is not made": {
			Rules{Cash: 1000, FeeFixed: 1500}, []float64{10, 10}, []float64{10, 20}, []float64{1, 1}, []float64{1000, 1000}, nil,
		},
		"nor what nobody can count": {
			Rules{Cash: 1000}, []float64{10, 5e-324, 10}, []float64{10, 10, 20}, []float64{1, nan, nan}, []float64{1000, 1000, 1000}, nil,
		},
		"a half stays in money, and drifts": {
			Rules{Cash: 1000}, []float64{10, 10, 20, 20}, []float64{10, 20, 20, 40}, []float64{0.5, 0.5, 0.5, 0.5},
			[]float64{1000, 1500, 1500, 2500},
			[]Trade{{Long, 1, 3, 50, 10, 40, 1, 0, 1500, 3, StillOpen}},
		},
		// At 20, 1500 is to be all long: 75 units, 25 more. At 40, 3000 is to be a
		// quarter: 18.75 of them stay.
		"enlarged and made smaller it is one trade": {
			Rules{Cash: 1000}, []float64{10, 10, 20, 40, 40}, []float64{10, 10, 20, 40, 40}, []float64{0.5, 1, 0.25, 0, 0},
			[]float64{1000, 1000, 1500, 3000, 3000},
			[]Trade{{Long, 1, 4, 75, 1000.0 / 75, 40, 4, 0, 2000, 2, BySignal}},
		},
		"from one side to the other are two orders": {
			Rules{Cash: 1000}, []float64{10, 10, 20, 16}, []float64{10, 10, 20, 16}, []float64{1, -1, -1, -1},
			[]float64{1000, 1000, 2000, 2400},
			[]Trade{{Long, 1, 2, 100, 10, 20, 2, 0, 1000, 1, BySignal}, {Short, 2, 3, 100, 20, 16, 1, 0, 400, 0.2, StillOpen}},
		},
		"no more than all is wanted": {
			Rules{Cash: 1000}, []float64{10, 10, 10}, []float64{10, 10, 20}, []float64{100, inf, 7}, []float64{1000, 1000, 2000},
			[]Trade{{Long, 1, 2, 100, 10, 20, 1, 0, 1000, 1, StillOpen}},
		},
		"no shorts": {
			Rules{Cash: 1000, Sides: LongOnly}, []float64{10, 10, 20}, []float64{10, 10, 20}, []float64{1, -1, 0}, []float64{1000, 1000, 2000},
			[]Trade{{Long, 1, 2, 100, 10, 20, 2, 0, 1000, 1, BySignal}},
		},
		"shorts alone": {
			Rules{Cash: 1000, Sides: ShortOnly}, []float64{10, 10, 20}, []float64{10, 10, 5}, []float64{1, -1, 0}, []float64{1000, 1000, 1750},
			[]Trade{{Short, 2, 2, 50, 20, 5, 1, 0, 750, 0.75, StillOpen}},
		},
		"a bar without an open trades nothing, and one without a close is worth its open": {
			Rules{Cash: 1000}, []float64{10, nan, 0, 20, 25, nan}, []float64{10, 11, 12, nan, nan, nan}, []float64{1, nan, nan, nan, 0, 0},
			[]float64{1000, 1000, 1000, 1000, 1250, 1250},
			[]Trade{{Long, 3, 5, 50, 20, 25, 1, 0, 250, 0.25, StillOpen}},
		},
		"what is wanted last is what is filled after a hole": {
			Rules{Cash: 1000}, []float64{10, nan, 10}, []float64{10, 10, 5}, []float64{1, -1, nan}, []float64{1000, 1000, 1500},
			[]Trade{{Short, 2, 2, 100, 10, 5, 1, 0, 500, 0.5, StillOpen}},
		},
		"a short that gaps ends the run at the open": {
			Rules{Cash: 1000}, []float64{10, 10, 25, 10}, []float64{10, 10, 10, 10}, []float64{-1, -1, 1, 1}, []float64{1000, 1000, -500, -500},
			[]Trade{{Short, 1, 2, 100, 10, 25, 1, 0, -1500, -1.5, Ruined}},
		},
		"one that loses all by the close ends it there": {
			Rules{Cash: 1000}, []float64{10, 10, 10, 1}, []float64{10, 20, 10, 1}, []float64{-1, -1, 1, 1}, []float64{1000, 0, 0, 0},
			[]Trade{{Short, 1, 1, 100, 10, 20, 1, 0, -1000, -1, Ruined}},
		},
		"a price of nothing ends a long": {
			Rules{Cash: 1000}, []float64{10, 10, 10}, []float64{10, 0, 10}, []float64{1, 1, 1}, []float64{1000, 0, 0},
			[]Trade{{Long, 1, 1, 100, 10, 0, 1, 0, -1000, -1, Ruined}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := Run(Bars{Open: test.open, Close: test.close}, test.signal, test.rules)
			if !slices.Equal(r.Equity, test.equity) {
				t.Errorf("equity is %v, want %v", r.Equity, test.equity)
			}
			if !slices.Equal(r.Trades, test.trades) {
				t.Errorf("trades are\n%+v, want\n%+v", r.Trades, test.trades)
			}
		})
	}
}

// TestSummary is a run of which each figure was computed by hand.
func TestSummary(t *testing.T) {
	const day = 86_400
	bars := Bars{
		Open: []float64{10, 10, 14, 8, 8, 12}, Close: []float64{10, 10, 14, 7, 8, 12},
		Time: []float64{0, day, 2 * day, 3 * day, 4 * day, 5 * day},
	}
	r := Run(bars, []float64{1, 1, 1, 0, -0.5, 0}, Rules{Cash: 1000})
	// 100 units are 1000, 1400, 700, and are sold at 8 for 800. Half of that is short
	// at 12, and nothing gained or lost by the close.
	if want := []float64{1000, 1000, 1400, 700, 800, 800}; !slices.Equal(r.Equity, want) {
		t.Fatalf("equity is %v, want %v", r.Equity, want)
	}
	if want := []float64{0, 0, 0, 0.5, 600.0 / 1400, 600.0 / 1400}; !slices.Equal(r.Drawdown, want) {
		t.Errorf("drawdown is %v, want %v", r.Drawdown, want)
	}
	// Returns of bars: 0, 0.4, -0.5, 1/7, 0, of which the mean is 3/350. The sum of
	// squares is 0.41 + 1/49, that about the mean is 5·(3/350)² less; that of the
	// losses is 0.25. A year has as many bars as 365.25 days.
	mean, squares := 3.0/350, 0.41+1.0/49
	deviation := math.Sqrt((squares - 5*mean*mean) / 4)
	years := 5 / 365.25
	want := Summary{
		Final: 800, Return: -0.2, CAGR: math.Pow(0.8, 1/years) - 1,
		Volatility: deviation * math.Sqrt(365.25), Sharpe: mean / deviation * math.Sqrt(365.25),
		Sortino:     mean / math.Sqrt(0.05) * math.Sqrt(365.25),
		MaxDrawdown: 0.5, DrawdownBars: 3,
		Exposure: 4.0 / 6, Trades: 1, WinRate: 0, ProfitFactor: 0,
		Orders: 3, Turnover: 2.5, PeriodsPerYear: 365.25,
	}
	got := r.Summary
	for _, f := range []struct {
		name      string
		got, want float64
	}{
		{"final", got.Final, want.Final}, {"return", got.Return, want.Return}, {"CAGR", got.CAGR, want.CAGR},
		{"volatility", got.Volatility, want.Volatility}, {"Sharpe", got.Sharpe, want.Sharpe}, {"Sortino", got.Sortino, want.Sortino},
		{"drawdown", got.MaxDrawdown, want.MaxDrawdown}, {"exposure", got.Exposure, want.Exposure},
		{"win rate", got.WinRate, want.WinRate}, {"profit factor", got.ProfitFactor, want.ProfitFactor},
		{"turnover", got.Turnover, want.Turnover}, {"periods", got.PeriodsPerYear, want.PeriodsPerYear},
	} {
		if !(math.Abs(f.got-f.want) <= 1e-14*max(1, math.Abs(f.want))) {
			t.Errorf("%s is %v, want %v", f.name, f.got, f.want)
		}
	}
	if got.DrawdownBars != want.DrawdownBars || got.Trades != want.Trades || got.Orders != want.Orders || got.Ruined != want.Ruined {
		t.Errorf("summary is %+v, want %+v", got, want)
	}
}

// TestSummaryOfLittle: what cannot be said is NaN, and not a number that looks like
// an answer.
func TestSummaryOfLittle(t *testing.T) {
	flat := []float64{10, 10, 10, 10}
	for name, s := range map[string]Summary{
		"no bar":      Run(Bars{}, nil, Rules{Cash: 1}).Summary,
		"one bar":     Run(Bars{Open: flat[:1], Close: flat[:1], Time: []float64{5}}, flat[:1], Rules{Cash: 1}).Summary,
		"no movement": Run(Bars{Open: flat, Close: flat}, []float64{1, 1, 1, 1}, Rules{Cash: 1}).Summary,
	} {
		for what, v := range map[string]float64{"CAGR": s.CAGR, "Sharpe": s.Sharpe, "Sortino": s.Sortino, "win rate": s.WinRate, "profit factor": s.ProfitFactor} {
			if v == v {
				t.Errorf("%s: %s is %v", name, what, v)
			}
		}
		if s.Final != 1 || s.Return != 0 || s.MaxDrawdown != 0 || s.PeriodsPerYear != tradingDays {
			t.Errorf("%s: %+v", name, s)
		}
	}
	lost := Run(Bars{Open: flat, Close: []float64{10, 0, 0, 0}, Time: []float64{0, 1e6, 2e6, 3e6}}, []float64{1, 1, 1, 1}, Rules{Cash: 1}).Summary
	if lost.CAGR != -1 || lost.Return != -1 || lost.MaxDrawdown != 1 || !lost.Ruined || lost.Trades != 1 || lost.ProfitFactor != 0 || !(lost.Volatility > 0) {
		t.Errorf("all lost: %+v", lost)
	}
}

func TestDeepest(t *testing.T) {
	for _, c := range []struct {
		down []float64
		most float64
		bars int
	}{
		{nil, 0, 0},
		{[]float64{0, 0}, 0, 0},
		{[]float64{0, 0.1, 0.5, 0.2, 0, 0.3}, 0.5, 4},
		{[]float64{0, 0.1, 0, 0, 0.3, 0.2}, 0.3, 2},
		{[]float64{0, 0.5, 0, 0.5, 0.5, 0.5}, 0.5, 2}, // the first of two alike
	} {
		if most, bars := deepest(c.down); most != c.most || bars != c.bars {
			t.Errorf("%v: %v in %d bars, want %v in %d", c.down, most, bars, c.most, c.bars)
		}
	}
}

// TestRoundingTurnsNothing: who wants next to nothing of a position has next to
// nothing of it, or nothing, and never a short.
func TestRoundingTurnsNothing(t *testing.T) {
	emptied := 0
	for i := range 1000 {
		price := 1 + float64(i)/7
		a := account{rules: Rules{Cash: 1000}, cash: 1000}
		a.follow(1, price, 1)
		a.follow(2, price*1.1, 1e-300)
		if a.units < 0 {
			t.Fatalf("at %v it is short of %v units", price, a.units)
		}
		if a.units == 0 {
			emptied++
			if a.trades[0].End != BySignal {
				t.Fatalf("at %v nothing is left of %+v", price, a.trades[0])
			}
		}
	}
	if emptied == 0 {
		t.Error("no order sells all but a rounding: the prices are too tame")
	}
}
