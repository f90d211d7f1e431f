package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// seeding is what begins a gap: how far the mean of the first n values is from the
// last of them, by their steps.
type seeding struct {
	n    int
	seen int     // values, at most n
	sum  float64 // of the distances of all values so far to the newest
}

// full says whether all values came.
func (s *seeding) full() bool { return s.seen == s.n }

// take takes the step to a value, any finite one for the first.
func (s *seeding) take(d float64) {
	s.sum -= float64(float64(s.seen) * d)
	s.seen++
}

// gap is the mean less the newest value.
func (s *seeding) gap() float64 { return s.sum / float64(s.n) }

// AppendState implements ta.State.
func (s *seeding) AppendState(b []byte) []byte { return ta.AppendFloats(b, float64(s.seen), s.sum) }

// Restore implements ta.State.
func (s *seeding) Restore(state []byte) ([]byte, error) {
	var v [2]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= float64(s.n)) {
		return nil, ta.ErrState
	}
	s.seen, s.sum = int(v[0]), v[1]
	return rest, nil
}
