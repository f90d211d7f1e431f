package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Flow splits the money that changes hands, price · volume, into what flows in
// on bars whose price is above the one before and out on those below. A price
// that differs by no more than Flat of both has not moved.
type Flow struct{ last }

// NewFlow has its first results at the second bar.
func NewFlow() *Flow { return &Flow{newLast()} }

// Next sets in and out to the flows.
func (s *Flow) Next(price, volume, in, out []float64) int {
	s.split(price, volume, in, out)
	s.value = price[len(price)-1]
	lead := s.lead(len(price))
	Blank(lead, in, out)
	return lead
}

// Watch is Next for bars that may have holes: it returns false, with s as it was,
// where it met one, or cannot tell.
func (s *Flow) Watch(price, volume, in, out []float64) bool {
	if s.missing > 0 {
		return false
	}
	if sum := s.split(price, volume, in, out); sum-sum != 0 {
		return false
	}
	s.value = price[len(price)-1]
	return true
}

// split returns the sum of all prices and volumes: no number where one of them is
// none.
func (s *Flow) split(price, volume, in, out []float64) float64 {
	flow(&in[0], &out[0], s.value, price[0], volume[0])
	i, sum := flowWide(price, volume, in, out)
	sum += price[0] + volume[0]
	for ; i < len(price); i++ {
		flow(&in[i], &out[i], price[i-1], price[i], volume[i])
		sum += price[i] + volume[i]
	}
	return sum
}

func flow(in, out *float64, before, price, volume float64) {
	d, still, money := price-before, Flat*(math.Abs(price)+math.Abs(before)), price*volume
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

// Gathered is the price that Williams counts a close from: where it is above the
// one before, the lower of that and the low; where it is below, the higher of that
// and the high; else, and on the first bar, the close itself.
type Gathered struct{ last }

// NewGathered has results from the first bar on.
func NewGathered() *Gathered { return &Gathered{newLast()} }

// Next sets from to these prices.
func (s *Gathered) Next(high, low, close, from []float64) int {
	m := len(close)
	before := s.value
	if s.lead(1) == 1 {
		before = close[0]
	}
	from[0] = williams(before, high[0], low[0], close[0])
	for i := gatheredWide(high, low, close, from); i < m; i++ {
		from[i] = williams(close[i-1], high[i], low[i], close[i])
	}
	s.value = close[m-1]
	return 0
}

func williams(before, high, low, close float64) float64 {
	switch {
	case close > before:
		return smaller(low, before)
	case close < before:
		return larger(high, before)
	}
	return close
}
