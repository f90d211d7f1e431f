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
		l, h := low[i], high[i]
		d := x[i] - end[i]
		dst[i] = 0
		if r := h - l; r > Flat*(math.Abs(h)+math.Abs(l)) {
			dst[i] = 100 * (d / r)
		}
	}
}
