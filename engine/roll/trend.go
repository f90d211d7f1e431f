package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Trend is the least-squares line through the last n values: where it is in the
// middle of the window, from the newest value, and how steep it is.
//
// A block of values has its mean, less its newest value, and its tilt, the sum of
// each value times how far its bar is from the block's middle. Putting one block
// after another of h values as well, whose mean is lower by d, tilts the whole by
// d·h²/2 more; and a block in a window tilts it by its size, times how far it is
// from the window's middle, times how far its mean is from that of the largest
// block. All of this is differences of values and of means from values, so the
// level of the series takes no part, nor does its rounding: the slope of an
// unchanging one is exactly 0, and that of one in whole ticks exactly what it is
// for as long as its sums are exact.
type Trend struct {
	twos
	x       track
	divisor float64 // the tilt of a line that rises by 1 at each bar
	level   [ta.Tile]float64
}

// NewTrend is over n values, 2 or more.
func NewTrend(n int) *Trend {
	k := float64(n)
	return &Trend{twos: newTwos(n, 2, nil), x: newTrack(n), divisor: k * (float64(k*k) - 1) / 12}
}

// Next sets middle to the means less the newest values, which are the lines at
// their middles, and slope to how much the lines rise at each bar.
func (t *Trend) Next(x, middle, slope []float64) int {
	m := len(x)
	t.x.push(x)
	clear(t.room(0, m))
	clear(t.room(1, m))
	for k := 1; k < len(t.rungs); k++ {
		size := 1 << (k - 1)
		mergeTilts(
			t.rungs[k][0].room(m), t.rungs[k][1].room(m), t.block(k-1, m, 0), t.block(k-1, m, size),
			float64(size)*float64(size)/2)
	}
	top := len(t.rungs) - 1
	oldest := t.n - 1<<top // how many values are newer than the largest block
	level := t.level[:m]
	largest := t.block(top, m, oldest)
	copy(slope, largest.tilt)
	clear(middle)
	Sub(level, largest.newest, x)
	Add(level, level, largest.mean)
	for k, back := 0, 0; k < top; k++ {
		size := t.n & (1 << k)
		if size == 0 {
			continue
		}
		ahead := float64(t.n-size-2*back) / 2 // of the window's middle
		gatherTilts(middle, slope, t.block(k, m, back), x, level, float64(size), float64(size)*ahead)
		back += size
	}
	MulAdd(middle, middle, 1/float64(t.n), level)
	lead := t.lead(m)
	Divide(slope[lead:], slope[lead:], t.divisor)
	Blank(lead, middle, slope)
	return lead
}

// tilted are blocks of values, one for each bar: what their means are above their
// newest values, their tilts, and those values.
type tilted struct{ mean, tilt, newest []float64 }

// block is that of rung k for the newest m values, as it was back bars before.
func (t *Trend) block(k, m, back int) tilted {
	return tilted{t.column(k, 0, m, back), t.column(k, 1, m, back), t.x.past(m, back)}
}

// mergeTilts merges two blocks of equal size, whose means tilt the whole by w
// times their difference.
func mergeTilts(mean, tilt []float64, a, b tilted, w float64) {
	for i := mergeTiltsWide(mean, tilt, &a, &b, w); i < len(mean); i++ {
		d := a.mean[i] - (b.newest[i] - a.newest[i] + b.mean[i])
		mean[i], tilt[i] = math.FMA(d, -0.5, a.mean[i]), math.FMA(d, w, a.tilt[i]+b.tilt[i])
	}
}

// gatherTilts adds to tilt what a block puts in, and to sum its size times how
// far its mean is from level; both are counted from the newest value x.
func gatherTilts(sum, tilt []float64, b tilted, x, level []float64, size, weight float64) {
	for i := gatherTiltsWide(sum, tilt, &b, x, level, size, weight); i < len(sum); i++ {
		d := b.newest[i] - x[i] + b.mean[i] - level[i]
		sum[i], tilt[i] = math.FMA(d, size, sum[i]), math.FMA(d, weight, tilt[i]+b.tilt[i])
	}
}

// AppendState implements ta.State.
func (t *Trend) AppendState(b []byte) []byte { return appendStates(b, &t.twos, &t.x) }

// Restore implements ta.State.
func (t *Trend) Restore(state []byte) ([]byte, error) { return restoreStates(state, &t.twos, &t.x) }
