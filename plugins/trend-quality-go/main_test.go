package main

import (
	"math"
	"testing"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
)

// prices are n values of f, from bar 0 on.
func prices(n int, f func(i float64) float64) map[plugin.Input][]float64 {
	column := make([]float64, n)
	for i := range column {
		column[i] = f(float64(i))
	}
	return map[plugin.Input][]float64{plugin.Real: column}
}

func TestTrends(t *testing.T) {
	tests := []struct {
		name        string
		price       func(i float64) float64
		growth, fit float64 // at the last bar
	}{
		{"steady growth", func(i float64) float64 { return 50 * math.Pow(1.01, i) }, 1, 1},
		{"steady decline", func(i float64) float64 { return 50 * math.Pow(0.98, i) }, -2, 1},
		{"standing still", func(float64) float64 { return 7 }, 0, 0},
		// logarithms 0 1 0: a line without slope explains nothing
		{"up and down", func(i float64) float64 { return math.Exp(math.Mod(i, 2)) }, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out, err := indicator.Compute(map[string]float64{"period": 3}, prices(9, test.price))
			if err != nil {
				t.Fatal(err)
			}
			for name, want := range map[string]float64{
				"growth": test.growth, "fit": test.fit, "score": test.growth * test.fit,
			} {
				if got := out[name][8]; math.Abs(got-want) > 1e-9 {
					t.Errorf("%s is %v, want %v", name, got, want)
				}
				if !math.IsNaN(out[name][1]) || math.IsNaN(out[name][2]) {
					t.Errorf("%s must begin at bar 2: %v", name, out[name])
				}
			}
		})
	}
}

func TestHolesAreSkipped(t *testing.T) {
	whole := prices(20, func(i float64) float64 { return 10 + math.Sin(i) })
	params := map[string]float64{"period": 5}
	want, err := indicator.Compute(params, whole)
	if err != nil {
		t.Fatal(err)
	}
	x := whole[plugin.Real]
	holed := append(append(append([]float64{}, x[:12]...), math.NaN(), 0), x[12:]...)
	got, err := indicator.Compute(params, map[plugin.Input][]float64{plugin.Real: holed})
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if !math.IsNaN(got[name][12]) || !math.IsNaN(got[name][13]) {
			t.Errorf("%s has values in the holes", name)
		}
		if got[name][21] != want[name][19] {
			t.Errorf("%s is %v after holes, want %v", name, got[name][21], want[name][19])
		}
	}
}
