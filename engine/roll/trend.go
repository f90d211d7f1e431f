package roll

import "math"

// Trend is the least-squares line through the last n values: where it is in the
// middle of the window, and how steep it is.
//
// A block of values has its mean and its tilt, the sum of each value times how
// far its bar is from the block's middle. Putting a block of a values after one
// of b whose mean is lower by d tilts the whole by a·b·d/2 more: differences of
// means alone, so the level of the series takes no part, and the slope of an
// unchanging one is exactly 0.
type Trend struct {
	twos
	divisor float64 // the tilt of a line that rises by 1 at each bar
}

// NewTrend is over n values, 2 or more.
func NewTrend(n int) *Trend {
	k := float64(n)
	return &Trend{newTwos(n, 2, mergeTilts), k * (float64(k*k) - 1) / 12}
}

// Next sets middle to the means, which are the lines at their middles, and slope
// to how much the lines rise at each bar.
func (t *Trend) Next(x, middle, slope []float64) int {
	copy(t.room(0, len(x)), x)
	clear(t.room(1, len(x)))
	lead := t.next(middle, slope)
	Divide(slope[lead:], slope[lead:], t.divisor)
	return lead
}

// mergeTilts merges means and tilts.
func mergeTilts(dst, newer, older [][]float64, a, b int) {
	wm, wt := -float64(b)/float64(a+b), float64(a)*float64(b)/2
	m, t := dst[0], dst[1]
	am, at, bm, bt := newer[0], newer[1], older[0], older[1]
	for i := mergeTiltsWide(dst, newer, older, wm, wt); i < len(m); i++ {
		d := am[i] - bm[i]
		m[i], t[i] = math.FMA(d, wm, am[i]), math.FMA(d, wt, at[i]+bt[i])
	}
}
