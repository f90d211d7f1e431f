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

// Moves splits the step from the bar before into a gain and a loss, of which
// one is 0 and the other not negative.
type Moves struct{ last }

// NewMoves has its first results at the second value.
func NewMoves() *Moves { return &Moves{newLast()} }

// Next sets up to the gains and down to the losses.
func (s *Moves) Next(x, up, down []float64) int {
	m := len(x)
	split(&up[0], &down[0], s.value, x[0])
	for i := movesWide(x, up, down); i < m; i++ {
		split(&up[i], &down[i], x[i-1], x[i])
	}
	s.value = x[m-1]
	lead := s.lead(m)
	Blank(lead, up, down)
	return lead
}

func split(up, down *float64, before, x float64) {
	d := x - before
	*up, *down = larger(d, 0), larger(0-d, 0)
}

// TrueRange is how far a bar reaches, the gap from the close before included
// (Wilder, New Concepts in Technical Trading Systems, 1978): the largest of
// high − low, |high − close before| and |low − close before|.
type TrueRange struct{ last }

// NewTrueRange has its first result at the second bar.
func NewTrueRange() *TrueRange { return &TrueRange{newLast()} }

// Next sets out to the true ranges.
func (s *TrueRange) Next(high, low, close, out []float64) int {
	m := len(close)
	out[0] = reach(high[0], low[0], s.value)
	for i := trueRangeWide(high, low, close, out); i < m; i++ {
		out[i] = reach(high[i], low[i], close[i-1])
	}
	s.value = close[m-1]
	lead := s.lead(m)
	Blank(lead, out)
	return lead
}

func reach(high, low, before float64) float64 {
	a, b := high-before, low-before
	return larger(larger(high-low, larger(a, 0-a)), larger(b, 0-b))
}

// Direction is Wilder's directional movement: what of a bar is above the bar
// before it, or below, whichever is more; the other is 0, and both where they
// are equal or the bar is inside the one before.
type Direction struct{ high, low last }

// NewDirection has its first results at the second bar.
func NewDirection() *Direction { return &Direction{newLast(), newLast()} }

// Next sets plus and minus to the movements up and down.
func (s *Direction) Next(high, low, plus, minus []float64) int {
	m := len(high)
	direct(&plus[0], &minus[0], s.high.value, high[0], s.low.value, low[0])
	for i := directionWide(high, low, plus, minus); i < m; i++ {
		direct(&plus[i], &minus[i], high[i-1], high[i], low[i-1], low[i])
	}
	s.high.value, s.low.value = high[m-1], low[m-1]
	lead := s.high.lead(m)
	s.low.lead(m)
	Blank(lead, plus, minus)
	return lead
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

// Flow splits the money that changes hands, price · volume, into what flows in
// on bars whose price is above the one before and out on those below. A price
// that differs by no more than Flat of both has not moved.
type Flow struct{ last }

// NewFlow has its first results at the second bar.
func NewFlow() *Flow { return &Flow{newLast()} }

// Next sets in and out to the flows.
func (s *Flow) Next(price, volume, in, out []float64) int {
	m := len(price)
	flow(&in[0], &out[0], s.value, price[0], volume[0])
	for i := flowWide(price, volume, in, out); i < m; i++ {
		flow(&in[i], &out[i], price[i-1], price[i], volume[i])
	}
	s.value = price[m-1]
	lead := s.lead(m)
	Blank(lead, in, out)
	return lead
}

func flow(in, out *float64, before, price, volume float64) {
	d, still, money := price-before, Flat*(abs(price)+abs(before)), price*volume
	*in, *out = 0, 0
	if d > still {
		*in = money
	}
	if 0-d > still {
		*out = money
	}
}

// Signed gives volume the sign of the price's step from the bar before: plus
// above it, minus below, 0 where it is the same. The first volume counts as
// bought.
type Signed struct{ before float64 }

// NewSigned has results from the first bar on.
func NewSigned() *Signed { return &Signed{-inf} }

// Next sets out to the signed volumes.
func (s *Signed) Next(x, volume, out []float64) int {
	m := len(x)
	out[0] = sign(s.before, x[0], volume[0])
	for i := signedWide(x, volume, out); i < m; i++ {
		out[i] = sign(x[i-1], x[i], volume[i])
	}
	s.before = x[m-1]
	return 0
}

func sign(before, x, volume float64) float64 {
	up, down := 0.0, 0.0
	if x > before {
		up = volume
	}
	if x < before {
		down = volume
	}
	return up - down
}

// AppendState implements ta.State.
func (s *Signed) AppendState(b []byte) []byte { return ta.AppendFloats(b, s.before) }

// Restore implements ta.State.
func (s *Signed) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := ta.RestoreFloats(state, v[:])
	s.before = v[0]
	return rest, err
}
