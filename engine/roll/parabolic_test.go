package roll

import (
	"math"
	"testing"
)

// A stop closes in on a rise, stays out of the last two bars, and a bar that
// reaches it reverses the position with the best price as the new stop.
func TestParabolicByHand(t *testing.T) {
	high := []float64{10, 12, 14, 15, 11, 12}
	low := []float64{9, 11, 13, 14, 8, 9}
	speed := Acceleration{0.5, 0.5, 1}
	for name, c := range map[string]struct {
		p    *Parabolic
		want []float64
	}{
		// From 9 half the way to 12, held at the low before, 11; then all the way,
		// held at 11 again, at 13; 8 is below: reversed at the best, 15; half the
		// way to 8, but not below the high of the bar before.
		"long": {NewParabolic(0, 0, speed, speed, false), []float64{nan, 9, 10.5, 11, 15, 15}},
		// The second bar reaches the stop at 12: reversed at its own low.
		"short": {NewParabolic(-12, 0, speed, speed, true), []float64{nan, 11, 11, 11, -15, -15}},
		// A stop is moved a tenth of itself away when it begins.
		"offset": {NewParabolic(0, 0.1, speed, speed, true), []float64{nan, 9, 10.5, 11, -16.5, -15}},
	} {
		out := make([]float64, len(high))
		c.p.Next(high, low, out)
		for i, w := range c.want {
			if !(math.Abs(out[i]-w) <= 1e-12) && !(math.IsNaN(w) && math.IsNaN(out[i])) {
				t.Errorf("%s: bar %d is %v, want %v", name, i, out[i], w)
			}
		}
	}
}

// A short position is the mirror of a long one.
func TestParabolicMirror(t *testing.T) {
	high, low, _, _ := bars(512)
	minusHigh, minusLow := make([]float64, len(high)), make([]float64, len(high))
	for i := range high {
		minusHigh[i], minusLow[i] = -high[i], -low[i]
	}
	long, short := Acceleration{0.02, 0.02, 0.2}, Acceleration{0.01, 0.03, 0.1}
	up, down := make([]float64, len(high)), make([]float64, len(high))
	NewParabolic(0, 0, long, short, false).Next(high, low, up)
	NewParabolic(0, 0, short, long, false).Next(minusLow, minusHigh, down)
	for i := 1; i < len(high); i++ {
		if up[i] != -down[i] {
			t.Fatalf("bar %d is %v, mirrored %v", i, up[i], down[i])
		}
	}
}
