package roll

import "math"

// Direction is Wilder's directional movement: what of a bar is above the bar
// before it, or below, whichever is more; the other is 0, and both where they
// are equal or the bar is inside the one before.
type Direction struct{ high, low last }

// NewDirection has its first results at the second bar.
func NewDirection() *Direction { return &Direction{newLast(), newLast()} }

// Next sets plus and minus to the movements up and down.
func (s *Direction) Next(high, low, plus, minus []float64) int {
	s.between(high, low, high, plus, minus)
	m := len(high)
	s.high.value, s.low.value = high[m-1], low[m-1]
	lead := s.high.lead(m)
	s.low.lead(m)
	Blank(lead, plus, minus)
	return lead
}

// Watch is Next for bars that may have holes, with a close that takes no part but is
// a hole where it is none: it returns false, with s as it was, where it met one, or
// cannot tell.
func (s *Direction) Watch(high, low, close, plus, minus []float64) bool {
	if s.high.missing > 0 {
		return false
	}
	if sum := s.between(high, low, close, plus, minus); sum-sum != 0 {
		return false
	}
	s.high.value, s.low.value = high[len(high)-1], low[len(low)-1]
	return true
}

// between returns the sum of the steps both ways and of more: no number where a
// value is none.
func (s *Direction) between(high, low, more, plus, minus []float64) float64 {
	direct(&plus[0], &minus[0], s.high.value, high[0], s.low.value, low[0])
	i, sum := directionWide(high, low, more, plus, minus)
	sum += high[0] + low[0] + more[0]
	for ; i < len(high); i++ {
		direct(&plus[i], &minus[i], high[i-1], high[i], low[i-1], low[i])
		sum += high[i] + low[i] + more[i]
	}
	return sum
}

func direct(plus, minus *float64, highBefore, high, lowBefore, low float64) {
	up, down := high-highBefore, lowBefore-low
	*plus, *minus = 0, 0
	if up > larger(down, 0) {
		*plus = up
	}
	if down > larger(up, 0) {
		*minus = down
	}
}

// AppendState implements ta.State.
func (s *Direction) AppendState(b []byte) []byte { return appendStates(b, &s.high, &s.low) }

// Restore implements ta.State.
func (s *Direction) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &s.high, &s.low)
}

// Vortex is how far a bar's high is from the low of the bar before, and its low
// from the high of the bar before.
type Vortex struct{ high, low last }

// NewVortex has its first results at the second bar.
func NewVortex() *Vortex { return &Vortex{newLast(), newLast()} }

// Next sets plus to the distances of the highs and minus to those of the lows.
func (s *Vortex) Next(high, low, plus, minus []float64) int {
	m := len(high)
	plus[0], minus[0] = math.Abs(high[0]-s.low.value), math.Abs(low[0]-s.high.value)
	Apart(plus[1:], high[1:], low[:m-1])
	Apart(minus[1:], low[1:], high[:m-1])
	s.high.value, s.low.value = high[m-1], low[m-1]
	lead := s.high.lead(m)
	s.low.lead(m)
	Blank(lead, plus, minus)
	return lead
}

// AppendState implements ta.State.
func (s *Vortex) AppendState(b []byte) []byte { return appendStates(b, &s.high, &s.low) }

// Restore implements ta.State.
func (s *Vortex) Restore(state []byte) ([]byte, error) { return restoreStates(state, &s.high, &s.low) }
