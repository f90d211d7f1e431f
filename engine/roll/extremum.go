package roll

import "math/bits"

// Extremum is the largest or the smallest of the last n values. Two overlapping
// parts cover the window, the values of a ladder's highest rung at its two ends.
type Extremum struct {
	ladder
	two  func(dst, older, newer []float64)
	foot func(dst, x []float64, size int)
}

// NewMax finds the largest of n values, 1 or more.
func NewMax(n int) *Extremum { return &Extremum{newOverlapping(n, 1), Larger, largerFoot} }

// NewMin finds the smallest of n values, 1 or more.
func NewMin(n int) *Extremum { return &Extremum{newOverlapping(n, 1), Smaller, smallerFoot} }

// newOverlapping is a ladder that keeps the highest rung, and those that it is
// made of.
func newOverlapping(n, columns int) ladder {
	return newLadder(n, min(foot, bits.Len(uint(n))-1), columns)
}

// Next sets out to the extrema.
func (e *Extremum) Next(x, out []float64) int {
	m, top := len(x), e.top()
	w := e.x.push(x)
	if base := min(top, foot); base > 0 {
		e.foot(e.room(base, 0, m), w, 1<<base)
	}
	for j := foot + 1; j <= top; j++ {
		e.two(e.room(j, 0, m), e.past(j-1, 0, m, 1<<(j-1)), e.past(j-1, 0, m, 0))
	}
	e.two(out, e.past(top, 0, m, e.n-1<<top), e.past(top, 0, m, 0))
	lead := e.lead(m)
	Blank(lead, out)
	return lead
}

// largerFoot sets dst to the largest of size values, 2, 4 or 8; x has the
// footing before the first of them.
func largerFoot(dst, x []float64, size int) {
	for i := largerFootWide(dst, x, size); i < len(dst); i++ {
		w := x[i+8-size : i+8]
		dst[i] = larger(w[size-2], w[size-1])
		if size > 2 {
			dst[i] = larger(larger(w[size-4], w[size-3]), dst[i])
		}
		if size > 4 {
			dst[i] = larger(larger(larger(w[0], w[1]), larger(w[2], w[3])), dst[i])
		}
	}
}

// smallerFoot is largerFoot for the smallest.
func smallerFoot(dst, x []float64, size int) {
	for i := smallerFootWide(dst, x, size); i < len(dst); i++ {
		w := x[i+8-size : i+8]
		dst[i] = smaller(w[size-2], w[size-1])
		if size > 2 {
			dst[i] = smaller(smaller(w[size-4], w[size-3]), dst[i])
		}
		if size > 4 {
			dst[i] = smaller(smaller(smaller(w[0], w[1]), smaller(w[2], w[3])), dst[i])
		}
	}
}
