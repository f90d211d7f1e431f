package roll

import (
	"math"
	"testing"
)

// cycleOf is 2π divided by the angle, up to four steps of a float64, where the
// period counts, and is outside of 6 to 50 bars elsewhere.
func TestCycleOf(t *testing.T) {
	for i := range 800_000 {
		c := float64(i)/100_000 + 1e-7
		got, want := cycleOf(c), 2*math.Pi/math.Atan(1/c)
		switch {
		case c >= leastCotangent && !(math.Abs(got-want) <= want/(1<<50)):
			t.Fatalf("of %v it is %v, want %v", c, got, want)
		case c < leastCotangent && !(got < shortestCycle):
			t.Fatalf("of %v it is %v", c, got)
		}
	}
	for _, c := range []float64{8, 8.01, 100, 1e300, inf} {
		if got := cycleOf(c); !(got > longestCycle && got < 51) {
			t.Errorf("of %v it is %v", c, got)
		}
	}
	for _, c := range []float64{0, -1e-300, -1, -8, -1e300, -inf} {
		if got := cycleOf(c); !(got < shortestCycle && got > 5) {
			t.Errorf("of %v it is %v", c, got)
		}
	}
}
