package roll

import "math"

// Near is a weighted sum over the last n values of how far they are from the newest:
// the level of the series takes no part. It adds n products for each bar, which for
// few values is faster than to carry blocks of them along.
type Near struct {
	n       int
	weights []repeated // of the oldest value first, none of the newest
	x       track
	count
}

// NearBars is how many values Near is made for.
const NearBars = 32

// NewNear weighs by weights, the oldest value first; the newest is 0 from itself, and
// so its weight does not matter.
func NewNear(weights []float64) *Near {
	n := len(weights)
	s := &Near{n: n, x: newTrack(n), count: count{n - 1}}
	for _, w := range weights[:n-1] {
		s.weights = append(s.weights, repeat(w))
	}
	return s
}

// Next sets out to the sums.
func (s *Near) Next(x, out []float64) int {
	w := s.x.push(x)
	lead := s.lead(len(x))
	weighNear(out[lead:], w[1+lead:], s.weights)
	Blank(lead, out)
	return lead
}

// weighNear sets dst to the sums, where x has as many values before the first of dst
// as there are weights.
func weighNear(dst, x []float64, weights []repeated) {
	n := len(weights)
	for i := weighNearWide(dst, x, weights); i < len(dst); i++ {
		s, newest := 0.0, x[i+n]
		for k, w := range weights {
			s = math.FMA(x[i+k]-newest, w[0], s)
		}
		dst[i] = s
	}
}

// AppendState implements ta.State.
func (s *Near) AppendState(b []byte) []byte { return appendStates(b, &s.x, &s.count) }

// Restore implements ta.State.
func (s *Near) Restore(state []byte) ([]byte, error) { return restoreStates(state, &s.x, &s.count) }
