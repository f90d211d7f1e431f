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
		"quotient": Quotient, "relative": Relative, "balance": Balance, "odds": Odds,
		"surprise": Surprise, "middle": Middle, "product": Product, "weighed": Weighed,
		"magnitude": func(dst, a, b []float64) { Sub(dst, a, b); Magnitude(dst, dst) },
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
	for name, c := range map[string]struct {
		op   func(dst, a, b []float64)
		b    []float64
		want []float64
	}{
		"quotient": {Quotient, b, []float64{0, 0.75, 0, 1.5, 0}},
		"relative": {Relative, b, []float64{0, -0.25, 0, 0.5, 0}},
		"weighed":  {Weighed, b, []float64{nan, 0.75, nan, 1.5, nan}},
		"balance":  {Balance, minus, []float64{0, 50, 0, 50, 0}},
		"odds":     {Odds, minus, []float64{50, 75, 50, 75, 50}},
		"efficiency": {func(dst, a, b []float64) { Efficiency(dst, a, make([]float64, 5), b) }, b,
			[]float64{1, 0.75, 1, 1, 1}},
		"surprise": {Surprise, []float64{3, 1.5, math.Nextafter(3, 4), 6, 3}, []float64{0, 50, 0, -100, 0}},
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
