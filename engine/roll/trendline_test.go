package roll

import (
	"math"
	"testing"
)

// The trendline is the mean over the period that it is told, whatever that is.
func TestTrendlineMeans(t *testing.T) {
	x := walk(400)
	period := make([]float64, len(x))
	for i := range period {
		period[i] = float64(i % 51)
	}
	out := make([]float64, len(x))
	NewTrendline().Next(x, period, out)
	mean := func(i int) float64 {
		n := i % 51
		if n == 0 {
			return 0
		}
		return sum(x[i+1-n:i+1]) / float64(n)
	}
	for i := 60; i < len(x); i++ {
		want := (4*mean(i) + 3*mean(i-1) + 2*mean(i-2) + mean(i-3)) / 10
		if !(math.Abs(out[i]-want) <= 1e-12*want) {
			t.Fatalf("bar %d is %v, want %v", i, out[i], want)
		}
	}
}
