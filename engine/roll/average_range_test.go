package roll

import (
	"math"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// In one pass or in two the averages are the same, for bars that are none as
// well: a low above its high, in one of them or in all, and zeros of
// both signs.
func TestAverageRange(t *testing.T) {
	minus := math.Copysign(0, -1)
	const n = 3*ta.Tile + 5
	bar := func(i int) (high, low, close float64) {
		x := 100 + 30*math.Sin(float64(i)) + 10*math.Cos(float64(i*i))
		return x + float64(i%5), x - float64(i%3), x + float64(i%4) - 1
	}
	for name, change := range map[string]func(i int, high, low, close *float64){
		"proper":   func(int, *float64, *float64, *float64) {},
		"inverted": func(i int, high, low, _ *float64) { *high, *low = *low, *high },
		"one inverted": func(i int, high, low, _ *float64) {
			if i == 700 {
				*high, *low = *low, *high
			}
		},
		"zeros": func(i int, high, low, close *float64) {
			for k, x := range []*float64{high, low, close} {
				*x = [2]float64{0, minus}[i>>k&1]
			}
		},
	} {
		var high, low, close, got, want, ranges [n]float64
		for i := range n {
			high[i], low[i], close[i] = bar(i)
			change(i, &high[i], &low[i], &close[i])
		}
		one, reach, sum := NewAverageRange(14), NewTrueRange(), newWilderTrace(14)
		for from := 0; from < n; from += ta.Tile {
			to := min(from+ta.Tile, n)
			one.Next(high[from:to], low[from:to], close[from:to], got[from:to])
			lead := reach.Next(high[from:to], low[from:to], close[from:to], ranges[from:to])
			for i := from + lead; i < to; i++ {
				if want[i] = sum.next(ranges[i]) * one.scale; sum.seen < 14 {
					lead++
				}
			}
			Blank(lead, want[from:to])
		}
		for i := range n {
			if math.Float64bits(got[i]) != math.Float64bits(want[i]) {
				t.Errorf("%s: bar %d is %v, want %v", name, i, got[i], want[i])
				break
			}
		}
	}
}
