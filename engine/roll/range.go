package roll

import "math"

// Range is that of the last n bars: their highest high and their lowest low.
type Range struct{ highest, lowest *Extremum }

// NewRange looks at n bars, 1 or more.
func NewRange(n int) *Range { return &Range{NewMax(n), NewMin(n)} }

// Next sets top to the highest of the highs and bottom to the lowest of the
// lows. high and low may be one column.
func (r *Range) Next(high, low, top, bottom []float64) int {
	r.highest.Next(high, top)
	return r.lowest.Next(low, bottom)
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
func Within(dst, x, end, low, high []float64) {
	for i := withinWide(dst, x, end, low, high); i < len(dst); i++ {
		dst[i] = WithinOf(x[i], end[i], low[i], high[i])
	}
}

// WithinOf is Within of one value.
func WithinOf(x, end, low, high float64) float64 {
	r := high - low
	if !(r > Flat*(math.Abs(high)+math.Abs(low))) {
		return 0
	}
	return 100 * ((x - end) / r)
}
