package roll

import "math"

// Strength is Wilder's relative strength in percent (New Concepts in Technical
// Trading Systems, 1978): what part of the last steps of a series was upwards,
// 100 · gain / way, and 0 where there was no way. The gain is his average of the
// steps up, the way that of all steps, whichever direction they had; what both are
// divided by does not matter to their share.
type Strength struct {
	lastTwo
	gain, way trace
	both      traces // gain and way, for a tick
}

// NewStrength is of n steps, 1 or more. It has its first result at the value that
// the n-th step leads to.
func NewStrength(n int) *Strength {
	return &Strength{lastTwo: lastTwo{last: newLast()}, gain: newWilderTrace(n), way: newWilderTrace(n)}
}

// Next sets out to the strengths.
func (s *Strength) Next(x, out []float64) int {
	i := s.lead(1)
	if i == 1 {
		s.value = x[0]
	}
	lead := i
	for ; i < len(x) && !s.gain.runs(); i++ {
		out[i] = s.next(x[i])
		if s.gain.seen < s.gain.n {
			lead = i + 1
		}
	}
	i += s.nextWide(x[i:], out[i:])
	for ; i < len(x); i++ {
		out[i] = s.next(x[i])
	}
	Blank(lead, out)
	return lead
}

// Watch is Next for whole pairs of vectors that may have holes: it returns false, with
// s as it was, where it met one, or cannot tell.
func (s *Strength) Watch(x, out []float64) bool {
	return s.gain.runs() && s.nextWide(x, out) == len(x)
}

func (s *Strength) next(x float64) float64 {
	d := s.step(x)
	return PercentOf(s.gain.next(larger(d, 0)), s.way.next(math.Abs(d)))
}

// AppendState implements ta.State.
func (s *Strength) AppendState(b []byte) []byte {
	return appendStates(b, &s.lastTwo, &s.gain, &s.way)
}

// Restore implements ta.State.
func (s *Strength) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &s.lastTwo, &s.gain, &s.way)
}
