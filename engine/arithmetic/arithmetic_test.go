package arithmetic

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Functions have their values, and none where the result is not finite.
func TestByHand(t *testing.T) {
	nan := math.NaN()
	x := []float64{0, 1, -2, 4}
	want := map[string][]float64{
		"acos": {math.Pi / 2, 0, nan, nan}, "asin": {0, math.Pi / 2, nan, nan}, "atan": {0, math.Pi / 4, -math.Atan(2), math.Atan(4)},
		"ceil": {0, 1, -2, 4}, "floor": {0, 1, -2, 4},
		"cos": {1, math.Cos(1), math.Cos(2), math.Cos(4)}, "sin": {0, math.Sin(1), -math.Sin(2), math.Sin(4)}, "tan": {0, math.Tan(1), -math.Tan(2), math.Tan(4)},
		"cosh": {1, math.Cosh(1), math.Cosh(2), math.Cosh(4)}, "sinh": {0, math.Sinh(1), -math.Sinh(2), math.Sinh(4)}, "tanh": {0, math.Tanh(1), -math.Tanh(2), math.Tanh(4)},
		"exp": {1, math.E, math.Exp(-2), math.Exp(4)}, "ln": {nan, 0, nan, math.Log(4)}, "log10": {nan, 0, nan, math.Log10(4)}, "sqrt": {0, 1, nan, 2},
		"add": {3, 1, -3, 2}, "sub": {-3, 1, -1, 6}, "mult": {0, 0, 2, -8}, "div": {0, nan, 2, -2},
		"cumsum": {0, 1, -1, 3},
		"abs":    {0, 1, 2, 4}, "round": {0, 1, -2, 4}, "trunc": {0, 1, -2, 4}, "lag": {nan, 0, 1, -2},
		"todeg": {0, 180 / math.Pi, -360 / math.Pi, 720 / math.Pi}, "torad": {0, math.Pi / 180, -math.Pi / 90, math.Pi / 45},
		"crossover": {nan, 1, 0, 1}, "crossany": {nan, 1, 1, 1},
		"decay": {0, 1, 0.8, 4}, "edecay": {0, 1, 0.8, 4},
	}
	y := []float64{3, 0, -1, -2}
	for _, ind := range Indicators {
		a, err := ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		out := ind.Run(a, ta.Columns{x, y}[:len(ind.Inputs)])[0]
		if len(want[ind.Name]) != len(x) {
			t.Errorf("%s is not tested", ind.Name)
			continue
		}
		for i, w := range want[ind.Name] {
			if !(math.Abs(out[i]-w) <= 1e-15*math.Max(1, math.Abs(w))) && !(math.IsNaN(out[i]) && math.IsNaN(w)) {
				t.Errorf("%s of %v is %v, want %v", ind.Name, x[i], out[i], w)
			}
		}
	}
}

// Whole numbers are reached from both sides, and what is too large has no value.
func TestEnds(t *testing.T) {
	for _, c := range []struct {
		name    string
		x, want float64
	}{
		{"ceil", 2.1, 3}, {"floor", 2.9, 2}, {"ceil", -2.1, -2}, {"floor", -2.1, -3},
		{"exp", 709, math.Exp(709)}, {"exp", 710, math.NaN()}, {"exp", -800, 0},
		{"cosh", 711, math.NaN()}, {"sinh", -711, math.NaN()}, {"tanh", 1e300, 1},
	} {
		for _, ind := range Indicators {
			if ind.Name != c.name {
				continue
			}
			a, err := ind.Args(nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := ind.Run(a, ta.Columns{{c.x}})[0][0]; !(math.Abs(got-c.want) <= 1e-15*math.Abs(c.want)) && !(math.IsNaN(got) && math.IsNaN(c.want)) {
				t.Errorf("%s of %v is %v, want %v", c.name, c.x, got, c.want)
			}
		}
	}
}
