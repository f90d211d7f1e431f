package roll

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Sets and columns of comparisons are what their definitions say, to the bit, for
// every length up to a word, in both bodies.
func TestCompare(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	a, b := make([]float64, Word+9), make([]float64, Word+9)
	for i := range a {
		a[i], b[i] = float64(r.IntN(5))/10, float64(r.IntN(5))/10 // many are equal
	}
	got := make([]float64, Word)
	for n := range Word + 1 {
		check := func() {
			var set uint64
			for i := range n {
				if a[i] > b[i] {
					set |= 1 << i
				}
			}
			if m := Above(a[:n], b[:n]); m != set {
				t.Errorf("above of %d: %x, want %x", n, m, set)
			}
			for _, c := range []struct {
				name string
				f    func(dst, a, b []float64)
				want func(a, b float64) float64
			}{
				{"greater", Greater, func(a, b float64) float64 { return max(a, b) }},
				{"lesser", Lesser, func(a, b float64) float64 { return min(a, b) }},
				{"apart", Apart, func(a, b float64) float64 { return math.Abs(a - b) }},
			} {
				c.f(got[:n], a[:n], b[:n])
				for i, v := range got[:n] {
					if w := c.want(a[i], b[i]); math.Float64bits(v) != math.Float64bits(w) {
						t.Errorf("%s of %d: value %d is %v, want %v", c.name, n, i, v, w)
					}
				}
			}
			for _, k := range []int{1, 5, 10} {
				Means(got[:n], a[:n+k-1], k)
				for i, v := range got[:n] {
					s := 0.0
					for _, x := range a[i : i+k] {
						s += x
					}
					if w := s / float64(k); math.Float64bits(v) != math.Float64bits(w) {
						t.Errorf("means over %d of %d: value %d is %v, want %v", k, n, i, v, w)
					}
				}
			}
		}
		check()
		scalar(check)
	}
}
