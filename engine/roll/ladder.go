package roll

import (
	"math/bits"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// A ladder computes an associative operation over windows of n values without
// a running total, so a result depends on the values in its window alone:
// nothing drifts, and a spike that has left is forgotten.
//
// Rung j holds, for each bar, the operation over the last 2^j values; it is
// made of two values of rung j−1, 2^(j−1) bars apart. A window of n is put
// together from the rungs of n's binary digits, the smallest at the newest end,
// so rung j never looks back further than 2^j bars. All of it is arithmetic
// between columns: log2(n) + (ones of n) − 1 operations for each bar.
type ladder struct {
	n     int
	rungs []track
	count
}

func newLadder(n int) ladder {
	l := ladder{n: n, rungs: make([]track, bits.Len(uint(n))), count: count{n - 1}}
	for j := range l.rungs {
		l.rungs[j] = newTrack(1 << j)
	}
	return l
}

// climb feeds x to the rungs and calls piece for each part of the window, from
// the newest end: the rung's values for the part's bars.
func (l *ladder) climb(x []float64, op func(dst, a, b []float64), piece func(part []float64)) {
	m := len(x)
	below := l.rungs[0].push(x)
	for j := range l.rungs {
		h := 1 << j
		if j > 0 {
			rung := l.rungs[j].window(m)
			op(rung[h:], below[:m], below[h/2:])
			below = rung
		}
		if l.n&h != 0 {
			off := l.n & (h - 1)
			piece(below[h-off : h-off+m])
		}
	}
}

// AppendState implements ta.State.
func (l *ladder) AppendState(b []byte) []byte {
	for j := range l.rungs {
		b = l.rungs[j].AppendState(b)
	}
	return l.count.AppendState(b)
}

// Restore implements ta.State.
func (l *ladder) Restore(state []byte) (rest []byte, err error) {
	for j := range l.rungs {
		if state, err = l.rungs[j].Restore(state); err != nil {
			return nil, err
		}
	}
	return l.count.Restore(state)
}

// Sum is the sum of the last n values.
type Sum struct{ ladder }

// NewSum sums n values, 1 or more.
func NewSum(n int) *Sum { return &Sum{newLadder(n)} }

// Next sets out to the sums.
func (s *Sum) Next(x, out []float64) int {
	var first []float64
	pieces := 0
	s.climb(x, Add, func(part []float64) {
		switch pieces {
		case 0:
			first = part
		case 1:
			Add(out, first, part)
		default:
			Add(out, out, part)
		}
		pieces++
	})
	if pieces == 1 {
		copy(out, first)
	}
	lead := s.lead(len(x))
	Blank(lead, out)
	return lead
}

// Mean is the mean of the last n values.
type Mean struct{ Sum }

// NewMean averages n values, 1 or more.
func NewMean(n int) *Mean { return &Mean{*NewSum(n)} }

// Next sets out to the means.
func (m *Mean) Next(x, out []float64) int {
	lead := m.Sum.Next(x, out)
	Divide(out[lead:], out[lead:], float64(m.n))
	return lead
}

// Extremum is the largest or the smallest of the last n values.
type Extremum struct {
	ladder
	op func(dst, a, b []float64)
}

// NewMax finds the largest of n values, 1 or more.
func NewMax(n int) *Extremum { return &Extremum{newLadder(n), Larger} }

// NewMin finds the smallest of n values, 1 or more.
func NewMin(n int) *Extremum { return &Extremum{newLadder(n), Smaller} }

// Next sets out to the extrema. Two overlapping parts cover the window: the
// values of the highest rung at its two ends.
func (e *Extremum) Next(x, out []float64) int {
	m, h := len(x), 1
	top := e.rungs[0].push(x)
	for j := 1; j < len(e.rungs); j++ {
		rung := e.rungs[j].window(m)
		e.op(rung[2*h:], top[:m], top[h:])
		top, h = rung, 2*h
	}
	e.op(out, top[2*h-e.n:2*h-e.n+m], top[h:])
	lead := e.lead(m)
	Blank(lead, out)
	return lead
}

var _ ta.State = (*Extremum)(nil)
