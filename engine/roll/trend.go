package roll

import "math"

// Trend is the least-squares line through the last n values: where it is in the
// middle of the window, and how steep it is.
//
// A block of values has its mean and its tilt, the sum of each value times how
// far its bar is from the block's middle. Putting one block after another of h
// values as well, whose mean is lower by d, tilts the whole by d·h²/2 more; and a
// block in a window tilts it by its size, times how far it is from the window's
// middle, times how far its mean is from that of the largest block. All of this
// is differences of means, so the level of the series takes no part: the slope
// of an unchanging one is exactly 0, and that of one in whole ticks exactly what
// it is for as long as its sums are exact.
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
	m := len(x)
	copy(t.room(0, m), x)
	clear(t.room(1, m))
	t.lift(m)
	top := len(t.rungs) - 1
	oldest := t.n - 1<<top // how many values are newer than the largest block
	level := t.column(top, 0, m, oldest)
	clear(middle)
	copy(slope, t.column(top, 1, m, oldest))
	for k, back := 0, 0; k < top; k++ {
		size := t.n & (1 << k)
		if size == 0 {
			continue
		}
		ahead := float64(t.n-size-2*back) / 2 // of the window's middle
		gatherTilts(middle, slope, t.column(k, 0, m, back), t.column(k, 1, m, back), level, float64(size), float64(size)*ahead)
		back += size
	}
	MulAdd(middle, middle, 1/float64(t.n), level)
	lead := t.lead(m)
	Divide(slope[lead:], slope[lead:], t.divisor)
	Blank(lead, middle, slope)
	return lead
}

// mergeTilts merges the means and tilts of two blocks of h values.
func mergeTilts(dst, newer, older [][]float64, h, _ int) {
	w := float64(h) * float64(h) / 2
	m, t := dst[0], dst[1]
	am, at, bm, bt := newer[0], newer[1], older[0], older[1]
	for i := mergeTiltsWide(dst, newer, older, w); i < len(m); i++ {
		d := am[i] - bm[i]
		m[i], t[i] = math.FMA(d, -0.5, am[i]), math.FMA(d, w, at[i]+bt[i])
	}
}

// gatherTilts adds to tilt what a block puts in, and to sum its size times how
// far its mean is from level.
func gatherTilts(sum, tilt, mean, own, level []float64, size, weight float64) {
	for i := gatherTiltsWide(sum, tilt, mean, own, level, size, weight); i < len(sum); i++ {
		d := mean[i] - level[i]
		sum[i], tilt[i] = math.FMA(d, size, sum[i]), math.FMA(d, weight, tilt[i]+own[i])
	}
}
