package volatility

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Gaps up and down count, and the seed is the mean of the first true ranges.
func TestByHand(t *testing.T) {
	nan := math.NaN()
	in := ta.Columns{
		{10, 11, 15, 9, 9}, // high
		{8, 9, 14, 8, 0},   // low
		{9, 10, 14, 8, 0},  // close
	}
	// True ranges: 2, then a gap up of 5, a gap down of 6, and 9.
	for _, c := range []struct {
		ind    *ta.Indicator
		period int
		want   []float64
	}{
		{ATR, 1, []float64{nan, 2, 5, 6, 9}},
		{ATR, 2, []float64{nan, nan, 3.5, 4.75, 6.875}},
		{NATR, 1, []float64{nan, 2, 5, 6, 9}}, // not in percent, as in TA-Lib
		{NATR, 2, []float64{nan, nan, 25, 59.375, 0}},
	} {
		a, err := c.ind.Args(map[string]any{"period": c.period})
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range c.ind.Run(a, in)[0] {
			if want := c.want[i]; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s over %d: bar %d is %v, want %v", c.ind.Name, c.period, i, got, want)
			}
		}
		if got := c.ind.Warmup(a); got != c.period {
			t.Errorf("%s over %d: warm-up %d", c.ind.Name, c.period, got)
		}
	}
}

// Ranges and the ratios of their averages, by hand.
func TestRangesByHand(t *testing.T) {
	nan := math.NaN()
	high, low := []float64{3, 4, 9, 5, 6}, []float64{1, 2, 1, 3, 6} // ranges 2, 2, 8, 2, 0
	close := []float64{2, 4, 4, 3, 3}
	for _, c := range []struct {
		ind    *ta.Indicator
		params map[string]any
		in     ta.Columns
		want   []float64
	}{
		{TRange, nil, ta.Columns{high, low, close}, []float64{nan, 2, 8, 2, 3}},
		{ADR, map[string]any{"period": 2}, ta.Columns{high, low}, []float64{nan, 2, 5, 5, 1}},
		// The average goes 2, 6, 10/3, 10/9, and is compared with the one before.
		{CVI, map[string]any{"period": 2, "roc_period": 1}, ta.Columns{high, low}, []float64{nan, nan, 200, -400.0 / 9, -200.0 / 3}},
		// Its own average goes 4, 32/9, 52/27: quotients of 3/2, 15/16 and 15/26.
		{MassI, map[string]any{"fast_period": 2, "slow_period": 2}, ta.Columns{high, low}, []float64{nan, nan, nan, 39.0 / 16, 315.0 / 208}},
		{MassI, map[string]any{"fast_period": 2, "slow_period": 2}, ta.Columns{high, high}, []float64{nan, nan, nan, 2, 2}},
		// Deviations of two prices: 1, 0, 1/2 and 0, up, still, down and still.
		{RVI, map[string]any{"period": 2, "stddev_period": 2}, ta.Columns{close}, []float64{nan, nan, 100, 50, 50}},
		{RVI, map[string]any{"period": 1, "stddev_period": 2}, ta.Columns{close}, []float64{nan, 100, 50, 0, 50}},
	} {
		a, err := c.ind.Args(c.params)
		if err != nil {
			t.Fatal(err)
		}
		for i, got := range c.ind.Run(a, c.in)[0] {
			if want := c.want[i]; !(math.Abs(got-want) <= 1e-13*math.Abs(want)) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s %v: bar %d is %v, want %v", c.ind.Name, c.params, i, got, want)
			}
		}
	}
}
