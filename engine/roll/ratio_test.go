package roll

import (
	"math"
	"testing"
)

// ratioCalculations reads high, low, close and volume, of which close and volume
// are 0 now and then.
func ratioCalculations() map[string]func() calculation {
	all := map[string]func() calculation{}
	for name, op := range map[string]func(dst, a, b []float64){
		"growth": Growth, "balance": Balance, "surprise": Surprise, "middle": Middle, "product": Mul,
		"ratio":            func(dst, a, b []float64) { Ratio(dst, a, b, 0.5) },
		"ratio with holes": func(dst, a, b []float64) { Ratio(dst, a, b, nan) },
		"magnitude":        func(dst, a, b []float64) { Sub(dst, a, b); Magnitude(dst, dst) },
	} {
		all[name] = func() calculation {
			return stateless(func(in [][]float64, dst []float64) { op(dst, in[0], in[2]) })
		}
		all[name+" of volume"] = func() calculation {
			return stateless(func(in [][]float64, dst []float64) { op(dst, in[3], in[3]) })
		}
	}
	all["efficiency"] = func() calculation {
		return stateless(func(in [][]float64, dst []float64) { Efficiency(dst, in[0], in[2], in[3]) })
	}
	return all
}

// What a ratio is where it is not defined, in both bodies.
func TestUndefinedRatios(t *testing.T) {
	a, b := []float64{3, 3, 3, 3, 3}, []float64{0, 4, 0, 2, 0}
	minus := []float64{-3, 1, -3, 1, -3}
	ratio := func(none float64) func(dst, a, b []float64) {
		return func(dst, a, b []float64) { Ratio(dst, a, b, none) }
	}
	share := func(none float64) func(dst, a, b []float64) {
		return func(dst, a, b []float64) { Share(dst, a, b, none) }
	}
	for name, c := range map[string]struct {
		op   func(dst, a, b []float64)
		b    []float64
		want []float64
	}{
		"ratio":   {ratio(0), b, []float64{0, 0.75, 0, 1.5, 0}},
		"holes":   {ratio(nan), b, []float64{nan, 0.75, nan, 1.5, nan}},
		"growth":  {Growth, b, []float64{0, -0.25, 0, 0.5, 0}},
		"balance": {Balance, minus, []float64{0, 50, 0, 50, 0}},
		"share":   {share(0), minus, []float64{0, 75, 0, 75, 0}},
		"odds":    {share(50), minus, []float64{50, 75, 50, 75, 50}},
		"efficiency": {func(dst, a, b []float64) { Efficiency(dst, a, make([]float64, 5), b) }, b,
			[]float64{1, 0.75, 1, 1, 1}},
		"surprise": {Surprise, []float64{0, 1.5, math.Nextafter(3, 4) - 3, -3, 0}, []float64{0, 50, 0, -100, 0}},
	} {
		check := func() {
			got := make([]float64, 5)
			c.op(got, a, c.b)
			for i, v := range got {
				if v != c.want[i] && !(math.IsNaN(v) && math.IsNaN(c.want[i])) {
					t.Errorf("%s: value %d is %v, want %v", name, i, v, c.want[i])
				}
			}
		}
		check()
		scalar(check)
	}
}

// Imbalance finds the bars that have none, wherever they are: nothing moved, or so
// much that it overflows.
func TestImbalance(t *testing.T) {
	for _, sides := range [][2]float64{{0, 0}, {inf, inf}, {inf, 1}} {
		for hole := -1; hole < 9; hole++ {
			a, b, got := make([]float64, 9), make([]float64, 9), make([]float64, 9)
			for i := range a {
				a[i], b[i] = 3, 1
				if i == hole {
					a[i], b[i] = sides[0], sides[1]
				}
			}
			if Imbalance(got, a, b) != (hole >= 0) {
				t.Errorf("%v at %d: not so reported", sides, hole)
			}
			for i, v := range got {
				if i == hole && !math.IsNaN(v) || i != hole && v != 50 {
					t.Errorf("%v at %d: value %d is %v", sides, hole, i, v)
				}
			}
		}
	}
}
