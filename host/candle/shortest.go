package candle

import "math/bits"

// shortest returns the decimal d * 10^e of the fewest digits that reads back as
// c * 2^q, and of those the nearest to it, for c * 2^q whose neighbours are
// equally far away. d may end in zeros.
//
// It is Schubfach (R. Giulietti, "The Schubfach way to render doubles", 2020,
// sections 8 and 9). Decimals that read back are those within half a unit 2^q,
// with the bounds if c is even. With 10^e <= 2^q < 10^(e+1) there is a multiple
// of 10^e among them, and at most one of 10^(e+1): that, if there is one, has
// the fewest digits, and otherwise the nearest multiple of 10^e.
func shortest(c uint64, q int) (d uint64, e int) {
	e = floorLog10Pow2(q)
	g, h := pow10For(e, q)
	// In quarters of 10^e, rounded to odd: comparisons with whole quarters come
	// out as for the exact values.
	v := g.timesToOdd(4 * c << h)
	low := g.timesToOdd((4*c - 2) << h)
	high := g.timesToOdd((4*c + 2) << h)
	odd := c & 1

	s := v >> 2
	d = (v + 1 + s&1) >> 2 // the nearest multiple, of two the even one
	tens := s / 10 * 10
	if low+odd <= tens<<2 {
		d = tens
	}
	if (tens+10)<<2+odd <= high {
		d = tens + 10
	}
	return d, e
}

// shortestIrregular is shortest for a power of two, 2^52 * 2^q, above the
// smallest normal one: the neighbour below is nearer than the one above.
func shortestIrregular(q int) (d uint64, e int) {
	const c = hidden
	e = floorLog10ThreeQuartersPow2(q)
	g, h := pow10For(e, q)
	v := g.timesToOdd(4 * c << h)
	low := g.timesToOdd((4*c - 1) << h)
	high := g.timesToOdd((4*c + 2) << h)

	s := v >> 2
	tens := s / 10 * 10
	switch {
	case low <= tens<<2:
		return tens, e
	case (tens+10)<<2 <= high:
		return tens + 10, e
	}
	// The nearest may be out of bounds below.
	d = (v + 1 + s&1) >> 2
	if d == s && low > s<<2 {
		d++
	}
	return d, e
}

// pow10For returns g, which is 10^-e, and h, so that for x of 55 bits, times 2^h,
// g.timesToOdd is x * 2^q * 10^-e.
func pow10For(e, q int) (g *power, h uint) {
	return &powers[-e-leastPow10], uint(q+floorLog2Pow10(-e)+1) & 63
}

// power is a power of ten, times a power of two: hi and lo are the first 128
// bits of it, cut off and one added at the lowest.
type power struct{ hi, lo uint64 }

// timesToOdd is p * x / 2^128, rounded to odd: what is cut off sets the lowest
// bit. p is too large by less than 1 and x is below 2^60, so the product is too
// large by less than 2^-68; a product that is no integer is further than that
// from the next one, and by 2^-67 (TestPowersSuffice).
func (p *power) timesToOdd(x uint64) uint64 {
	upper, middle := bits.Mul64(p.hi, x)
	carry, lower := bits.Mul64(p.lo, x)
	middle, carry = bits.Add64(middle, carry, 0)
	upper += carry
	if middle|lower>>60 != 0 {
		upper |= 1
	}
	return upper
}

// The logarithms as fractions; TestLogarithms compares them with powers over the
// exponents that there are.

// floorLog10Pow2 is the largest k with 10^k <= 2^q.
func floorLog10Pow2(q int) int { return q * 1262611 >> 22 }

// floorLog10ThreeQuartersPow2 is the largest k with 10^k <= 3/4 * 2^q.
func floorLog10ThreeQuartersPow2(q int) int { return (q*1262611 - 524031) >> 22 }

// floorLog2Pow10 is the largest k with 2^k <= 10^e.
func floorLog2Pow10(e int) int { return e * 1741647 >> 19 }
