package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Sides compares a value with those on both sides of it: at each bar it has the
// value of some bars before, and the largest, or smallest, of the values before
// that one and of those after it, up to this bar's.
type Sides struct {
	before, after *Extremum
	pivot, shift  *Lag
	raw           [ta.Tile]float64
}

// NewHigherSides has the largest of left values before and of right values after,
// each 1 or more.
func NewHigherSides(left, right int) *Sides { return newSides(left, right, NewMax) }

// NewLowerSides has the smallest of them.
func NewLowerSides(left, right int) *Sides { return newSides(left, right, NewMin) }

func newSides(left, right int, extremum func(int) *Extremum) *Sides {
	return &Sides{before: extremum(left), after: extremum(right), pivot: NewLag(right), shift: NewLag(right + 1)}
}

// Next sets pivot to the values of right bars before, and before and after to the
// extremes on both sides of them.
func (s *Sides) Next(x, pivot, before, after []float64) int {
	raw := s.raw[:len(x)]
	s.pivot.Next(x, pivot)
	s.after.Next(x, after)
	lead := s.before.Next(x, raw)
	return lead + s.shift.Next(raw[lead:], before[lead:])
}

// AppendState implements ta.State.
func (s *Sides) AppendState(b []byte) []byte {
	return appendStates(b, s.before, s.after, s.pivot, s.shift)
}

// Restore implements ta.State.
func (s *Sides) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, s.before, s.after, s.pivot, s.shift)
}

// Turn is the price at which a series last turned, NaN until it has: where a value
// is beyond all on its right side and no nearer than any on its left side. So of
// equal values the last one is the turn, and a value that does not change is none.
type Turn struct {
	sides *Sides
	sign  float64 // −1 for turns upwards
	last  float64
	parts [3][ta.Tile]float64
}

// NewTurnDown has the last high between left values and right values.
func NewTurnDown(left, right int) *Turn {
	return &Turn{sides: NewHigherSides(left, right), sign: 1, last: nan}
}

// NewTurnUp has the last low between them.
func NewTurnUp(left, right int) *Turn {
	return &Turn{sides: NewLowerSides(left, right), sign: -1, last: nan}
}

// Next sets out to the prices of the last turns that have been confirmed.
func (t *Turn) Next(x, out []float64) {
	m := len(x)
	pivot, before, after := t.parts[0][:m], t.parts[1][:m], t.parts[2][:m]
	lead := t.sides.Next(x, pivot, before, after)
	Blank(lead, out)
	for i := lead; i < m; i++ {
		if p := t.sign * pivot[i]; p >= t.sign*before[i] && p > t.sign*after[i] {
			t.last = pivot[i]
		}
		out[i] = t.last
	}
}

// AppendState implements ta.State.
func (t *Turn) AppendState(b []byte) []byte { return ta.AppendFloats(t.sides.AppendState(b), t.last) }

// Restore implements ta.State.
func (t *Turn) Restore(state []byte) ([]byte, error) {
	rest, err := t.sides.Restore(state)
	if err != nil {
		return nil, err
	}
	var v [1]float64
	rest, err = ta.RestoreFloats(rest, v[:])
	t.last = v[0]
	return rest, err
}
