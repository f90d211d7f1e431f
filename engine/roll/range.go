package roll

import "math"

// Range is that of the last n bars: their highest high and their lowest low.
type Range struct {
	highest, lowest *Extremum
	crest           // of both, for Tick
}

// NewRange looks at n bars, 1 or more.
func NewRange(n int) *Range { return &Range{highest: NewMax(n), lowest: NewMin(n)} }

// Next sets top to the highest of the highs and bottom to the lowest of the
// lows. high and low may be one column.
func (r *Range) Next(high, low, top, bottom []float64) int {
	r.highest.Next(high, top)
	return r.lowest.Next(low, bottom)
}

// WatchWithin is Next, and Within of the closes from the lows, for bars that may have
// holes: it returns false, with r as it was, where it met one, or cannot tell.
func (r *Range) WatchWithin(high, low, close, top, bottom, dst []float64) bool {
	if r.highest.missing > 0 {
		return false
	}
	ends, m := [2]int{r.highest.x.end, r.lowest.x.end}, len(dst)
	sum := r.highest.begin(high, top) + r.lowest.begin(low, bottom)
	r.highest.finish(top)
	r.lowest.finish(bottom)
	if sum += within(dst, close, bottom, bottom, top); sum-sum != 0 {
		r.highest.undo(ends[0], m, len(r.highest.rungs))
		r.lowest.undo(ends[1], m, len(r.lowest.rungs))
		return false
	}
	return true
}

// AppendState implements ta.State.
func (r *Range) AppendState(b []byte) []byte { return appendStates(b, r.highest, r.lowest) }

// Restore implements ta.State.
func (r *Range) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, r.highest, r.lowest)
}

// Within sets dst to how far x is from an end of a range, in percent of it:
// 100 · (x − end) / (high − low), and 0 where the range is Flat. dst may be any
// of the others.
func Within(dst, x, end, low, high []float64) { within(dst, x, end, low, high) }

// within returns the sum of the distances: no number where an x is none.
func within(dst, x, end, low, high []float64) float64 {
	i, sum := withinWide(dst, x, end, low, high)
	for ; i < len(dst); i++ {
		sum += x[i] - end[i]
		dst[i] = WithinOf(x[i], end[i], low[i], high[i])
	}
	return sum
}

// WithinOf is Within of one value.
func WithinOf(x, end, low, high float64) float64 {
	r := high - low
	if !(r > Flat*(math.Abs(high)+math.Abs(low))) {
		return 0
	}
	return 100 * ((x - end) / r)
}
