package ta

import (
	"math"
	"testing"
)

// total is the sum of all values so far.
type total struct{ sum float64 }

func (t *total) AppendState(b []byte) []byte { return AppendFloats(b, t.sum) }

func (t *total) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := RestoreFloats(state, v[:])
	t.sum = v[0]
	return rest, err
}

func (t *total) step(x, out []float64) {
	for i, v := range x {
		t.sum += v
		out[i] = t.sum
	}
}

// A kernel that looks for holes itself gives what it gives without, wherever a
// hole is, and its step still meets none.
func TestWatchful(t *testing.T) {
	const bars = 2*Tile + 37
	for _, hole := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		for _, at := range []int{0, 15, 16, Tile - 1, Tile, Tile + 100, 2 * Tile, bars - 1} {
			x := make([]float64, bars)
			for i := range x {
				x[i] = float64(i%7) + 1
			}
			x[at] = hole
			kernel := func(watch bool) (Kernel, *int) {
				sum, watched := &total{}, 0
				k := NewKernel(func(in, out Columns) {
					for _, v := range in[0] {
						if v-v != 0 {
							t.Fatalf("the step meets %v", v)
						}
					}
					sum.step(in[0], out[0])
				}, sum)
				if !watch {
					return k, &watched
				}
				return Watchful(k, func(in, out Columns) bool {
					if n := len(in[0]); n == 0 || n > Tile || n%16 != 0 {
						t.Fatalf("asked with %d bars", n)
					}
					before := *sum
					sum.step(in[0], out[0])
					if sum.sum-sum.sum != 0 {
						*sum = before
						return false
					}
					watched += len(in[0])
					return true
				}), &watched
			}
			plain, _ := kernel(false)
			watchful, watched := kernel(true)
			want, got := make([]float64, bars), make([]float64, bars)
			plain.Next(Columns{x}, Columns{want})
			watchful.Next(Columns{x}, Columns{got})
			for i := range want {
				if math.Float64bits(want[i]) != math.Float64bits(got[i]) {
					t.Fatalf("%v at bar %d: bar %d is %v, want %v", hole, at, i, got[i], want[i])
				}
			}
			if *watched < Tile/2 {
				t.Errorf("%v at bar %d: %d bars were watched", hole, at, *watched)
			}
		}
	}
}
