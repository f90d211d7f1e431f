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
