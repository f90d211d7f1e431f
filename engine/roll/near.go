package roll

import "math"

// Near is a point near the newest value: so much of each of the last n steps of the
// series away from it. The level of the series takes no part in that, nor does its
// rounding. It adds n products for each bar, which for few steps is faster than to
// carry blocks of them along.
type Near struct {
	n       int
	weights []repeated // of the oldest step first
	step    *Steps
	steps   track
	count
}

// NearBars is over how many values Near is faster.
const NearBars = 32

// NewNear weighs the steps between the last values by weights, 1 or more, the oldest
// step first.
func NewNear(weights []float64) *Near {
	n := len(weights)
	s := &Near{n: n, step: NewSteps(), steps: newTrack(n), count: count{n}}
	for _, w := range weights {
		s.weights = append(s.weights, repeat(w))
	}
	return s
}

// Next sets out to the points.
func (s *Near) Next(x, out []float64) int {
	steps := s.steps.window(len(x))
	s.step.Next(x, steps[s.n:])
	return s.add(x, steps, out)
}

// Watch is Next for values that may have holes: it returns false, with s as it was,
// where it met one, or cannot tell.
func (s *Near) Watch(x, out []float64) bool {
	steps := s.steps.window(len(x))
	if !s.step.Watch(x, steps[s.n:]) {
		s.steps.drop(len(x))
		return false
	}
	s.add(x, steps, out)
	return true
}

func (s *Near) add(x, steps, out []float64) int {
	lead := s.lead(len(x))
	weighNear(out[lead:], x[lead:], steps[1+lead:], s.weights)
	Blank(lead, out)
	return lead
}

// weighNear sets dst to x and the weighted sums of the steps up to it, of which there
// are as many before the first of dst as there are weights, but one.
func weighNear(dst, x, steps []float64, weights []repeated) {
	for i := weighNearWide(dst, x, steps, weights); i < len(dst); i++ {
		s, d := 0.0, steps[i:i+len(weights)]
		for k, w := range weights {
			s = math.FMA(d[k], w[0], s)
		}
		dst[i] = x[i] + s
	}
}

// AppendState implements ta.State.
func (s *Near) AppendState(b []byte) []byte {
	return appendStates(b, s.step, &s.steps, &s.count)
}

// Restore implements ta.State.
func (s *Near) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, s.step, &s.steps, &s.count)
}
