package roll

import "math"

// NewRank is how many of the n values, 1 or more, before each are below it.
func NewRank(n int) Average {
	if n <= countable {
		return &counted{n, newTrack(n), count{n}}
	}
	return &sorted{newOrder(n)}
}

// countable is how many values are compared faster than they are kept sorted.
const countable = 2048

// counted is the rank among few values: all are compared, four bars at a time.
type counted struct {
	n    int
	past track
	count
}

// Next sets out to the ranks.
func (c *counted) Next(x, out []float64) int {
	countBelow(c.past.push(x), x, out, c.n)
	lead := c.lead(len(x))
	Blank(lead, out)
	return lead
}

// countBelow sets out[i] to how many of w[i] … w[i+n−1] are below x[i].
func countBelow(w, x, out []float64, n int) {
	for i := countBelowWide(w, x, out, n); i < len(x); i++ {
		v, below := x[i], uint64(0)
		for _, before := range w[i : i+n] {
			below += math.Float64bits(before-v+0) >> 63 // the sign, and none for −0
		}
		out[i] = float64(below)
	}
}

// AppendState implements ta.State.
func (c *counted) AppendState(b []byte) []byte { return appendStates(b, &c.past, &c.count) }

// Restore implements ta.State.
func (c *counted) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &c.past, &c.count)
}

// sorted is the rank among many.
type sorted struct{ order }

// Next sets out to the ranks.
func (s *sorted) Next(x, out []float64) (lead int) {
	w := s.past.push(x)
	for i, v := range x {
		if s.held < s.n {
			out[i] = nan
			lead++
		} else {
			out[i] = float64(s.below(v))
		}
		s.push(v, w[i])
	}
	return lead
}
