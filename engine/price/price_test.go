package price

import (
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// The means of two bars, and three Heikin-Ashi bars, by hand.
func TestByHand(t *testing.T) {
	open, high, low, close := []float64{10, 14, 9}, []float64{16, 18, 20}, []float64{8, 12, 2}, []float64{14, 16, 9}
	all := ta.Columns{open, high, low, close}
	for _, c := range []struct {
		ind  *ta.Indicator
		in   ta.Columns
		want ta.Columns
	}{
		{AvgPrice, all, ta.Columns{{12, 15, 10}}},
		{MedPrice, ta.Columns{high, low}, ta.Columns{{12, 15, 11}}},
		{TypPrice, ta.Columns{high, low, close}, ta.Columns{{38.0 / 3, 46.0 / 3, 31.0 / 3}}},
		{WclPrice, ta.Columns{high, low, close}, ta.Columns{{13, 15.5, 10}}},
		{HA, all, ta.Columns{{12, 12, 13.5}, {16, 18, 20}, {8, 12, 2}, {12, 15, 10}}},
		{HA, ta.Columns{{10, 30}, {10, 30}, {10, 30}, {10, 30}}, ta.Columns{{10, 10}, {10, 30}, {10, 10}, {10, 30}}},
	} {
		a, err := c.ind.Args(nil)
		if err != nil {
			t.Fatal(err)
		}
		for k, got := range c.ind.Run(a, c.in) {
			for i, v := range got {
				if v != c.want[k][i] {
					t.Errorf("%s: %s of bar %d is %v, want %v", c.ind.Name, c.ind.Outputs[k].Name, i, v, c.want[k][i])
				}
			}
		}
	}
}
