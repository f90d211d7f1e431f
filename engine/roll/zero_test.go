package roll

import (
	"math"
	"testing"
)

// A window of negative zeros has one sum, whichever body adds them up.
func TestSumsOfNegativeZeros(t *testing.T) {
	x := make([]float64, 700)
	for i := range x {
		x[i] = math.Copysign(0, -1)
	}
	for _, n := range windows {
		for name, make := range map[string]func() one{
			"mean":     func() one { return NewMean(n) },
			"weighted": func() one { return NewWMA(n) },
			"largest":  func() one { return NewMax(n) },
			"variance": func() one { return &second{two: NewVariance(n)} },
		} {
			want := feed(t, make(), x, whole)
			if i, ok := equal(want, feed(t, make(), x, func() int { return 1 })); !ok {
				t.Errorf("%s over %d, bar by bar: value %d differs", name, n, i)
			}
			if i, ok := equal(want, feed(t, make(), x, func() int { return 7 })); !ok {
				t.Errorf("%s over %d, by 7: value %d differs", name, n, i)
			}
			scalar(func() {
				if i, ok := equal(want, feed(t, make(), x, whole)); !ok {
					t.Errorf("%s over %d, scalar: value %d differs", name, n, i)
				}
			})
		}
	}
}
