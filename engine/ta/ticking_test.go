package ta

import (
	"math"
	"testing"
)

func (t *total) Ready() bool { return true }
func (t *total) Single()     {}
func (t *total) Columns()    {}

// A bar whose values are finite is no hole, even where their sum is not finite, and
// a bar with a hole is one, even where others outweigh it.
func TestTickHoles(t *testing.T) {
	const most = math.MaxFloat64
	inf, nan := math.Inf(1), math.NaN()
	sum := &total{}
	k := NewTicking(
		func(in, out Columns) { sum.step(in[0], out[0]) },
		func(a, b, c, d float64) (p, q, r float64) {
			if Holes(a, b, c, d) {
				return NoValues()
			}
			sum.sum += a
			return sum.sum, 0, 0
		}, sum)
	for i, bar := range []struct {
		values [4]float64
		want   float64
	}{
		{[4]float64{1, 0, 0, 0}, 1},
		{[4]float64{2, most, most, 0}, 3},
		{[4]float64{3, most, -most, 0}, 6},
		{[4]float64{4, -most, -most, -most}, 10},
		{[4]float64{5, inf, 0, 0}, nan},
		{[4]float64{5, inf, -inf, 0}, nan},
		{[4]float64{5, 0, 0, nan}, nan},
		{[4]float64{nan, most, most, most}, nan},
		{[4]float64{-inf, 0, most, most}, nan},
		{[4]float64{5, 0, 0, 0}, 15},
	} {
		got, _, _ := k.Tick(bar.values[0], bar.values[1], bar.values[2], bar.values[3])
		if got != bar.want && (got == got || bar.want == bar.want) {
			t.Errorf("bar %d, %v: %v, want %v", i, bar.values, got, bar.want)
		}
	}
}
