package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Streak counts the steps of one direction in a row: 3 after three rises, −2
// after two falls, 0 where a value is the one before, and for the first.
type Streak struct{ seen, before, length float64 }

// NewStreak has results from the first value on.
func NewStreak() *Streak { return &Streak{} }

// Next sets out to the lengths.
func (s *Streak) Next(x, out []float64) int {
	for i, v := range x {
		switch {
		case s.seen == 0 || v == s.before:
			s.length = 0
		case v > s.before:
			s.length = max(s.length, 0) + 1
		default:
			s.length = min(s.length, 0) - 1
		}
		s.seen, s.before, out[i] = 1, v, s.length
	}
	return 0
}

// AppendState implements ta.State.
func (s *Streak) AppendState(b []byte) []byte { return ta.AppendFloats(b, s.seen, s.before, s.length) }

// Restore implements ta.State.
func (s *Streak) Restore(state []byte) ([]byte, error) {
	var v [3]float64
	rest, err := ta.RestoreFloats(state, v[:])
	s.seen, s.before, s.length = v[0], v[1], v[2]
	return rest, err
}
