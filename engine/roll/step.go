package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// last keeps the newest value of a column for the bar after it, and counts the
// one bar that has none before it.
type last struct {
	value float64
	count
}

func newLast() last { return last{count: count{1}} }

// AppendState implements ta.State.
func (l *last) AppendState(b []byte) []byte {
	return l.count.AppendState(ta.AppendFloats(b, l.value))
}

// Restore implements ta.State.
func (l *last) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil {
		return nil, err
	}
	l.value = v[0]
	return l.count.Restore(rest)
}

// lastTwo keeps the newest value and the one before it. The first value of all has no
// step.
type lastTwo struct {
	last
	earlier float64
}

// step takes a value and returns the step to it.
func (l *lastTwo) step(x float64) float64 {
	l.earlier, l.value = l.value, x
	return x - l.earlier
}

// stepOrNone is step, and 0 for the first value of all.
func (l *lastTwo) stepOrNone(x float64) float64 {
	d := l.step(x)
	if l.lead(1) == 1 {
		return 0
	}
	return d
}

// AppendState implements ta.State.
func (l *lastTwo) AppendState(b []byte) []byte {
	return l.last.AppendState(ta.AppendFloats(b, l.earlier))
}

// Restore implements ta.State.
func (l *lastTwo) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil {
		return nil, err
	}
	l.earlier = v[0]
	return l.last.Restore(rest)
}

// Steps is the change of each value from the one before, 0 for the first.
type Steps struct{ last }

// NewSteps has results from the first value on.
func NewSteps() *Steps { return &Steps{newLast()} }

// Next sets out to the steps.
func (s *Steps) Next(x, out []float64) int {
	s.between(x, out)
	if s.lead(1) == 1 {
		out[0] = 0
	}
	s.value = x[len(x)-1]
	return 0
}

// Watch is Next for values that may have holes: it returns false, with s as it was,
// where it met one, or cannot tell.
func (s *Steps) Watch(x, out []float64) bool {
	if s.missing > 0 {
		return false
	}
	if sum := s.between(x, out); sum-sum != 0 {
		return false
	}
	s.value = x[len(x)-1]
	return true
}

// between returns the sum of the steps: no number where a value is none.
func (s *Steps) between(x, out []float64) float64 {
	i, sum := stepsWide(x, out, s.value)
	before := s.value
	if i > 0 {
		before = x[i-1]
	}
	for ; i < len(x); i++ {
		out[i] = x[i] - before
		sum += out[i]
		before = x[i]
	}
	return sum
}

// Moves splits the step from the bar before into a gain and a loss, of which
// one is 0 and the other not negative.
type Moves struct{ last }

// NewMoves has its first results at the second value.
func NewMoves() *Moves { return &Moves{newLast()} }

// Next sets up to the gains and down to the losses.
func (s *Moves) Next(x, up, down []float64) int {
	split(&up[0], &down[0], s.value, x[0])
	Split(up[1:], down[1:], x, x[1:])
	s.value = x[len(x)-1]
	lead := s.lead(len(x))
	Blank(lead, up, down)
	return lead
}

// Split splits the way from one column to another into a gain and a loss, of
// which one is 0 and the other not negative.
func Split(up, down, from, to []float64) {
	for i := splitWide(up, down, from, to); i < len(up); i++ {
		split(&up[i], &down[i], from[i], to[i])
	}
}

func split(up, down *float64, before, x float64) {
	d := x - before
	*up, *down = larger(d, 0), larger(0-d, 0)
}
