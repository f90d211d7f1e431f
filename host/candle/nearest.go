package candle

import (
	"math"
	"math/bits"
)

// nearest returns the float64 nearest to m * 10^e, and whether it could decide:
// not in a tie or too close to one, for subnormal numbers and what is beyond
// them, and for infinite ones.
//
// The idea is that of M. Eisel and D. Lemire ("Number Parsing at a Gigabyte per
// Second", 2021, section 5): the first bits of the product of m and the first
// bits of 10^e nearly always say how to round. Here the product has 192 bits and
// is too large by less than 2^64, the middle word's unit, for the power in the
// table is too large by less than 1. So when anything is in the bits that are
// rounded away, beside the first, it is on the same side of the tie as the
// exact product.
func nearest(m uint64, e int) (v float64, ok bool) {
	if m == 0 || e < leastPow10 || e >= leastPow10+len(powers) {
		return 0, m == 0
	}
	shift := bits.LeadingZeros64(m)
	m <<= shift
	p := &powers[e-leastPow10]
	upper, middle := bits.Mul64(p.hi, m)
	carry, _ := bits.Mul64(p.lo, m)
	middle, carry = bits.Add64(middle, carry, 0)
	upper += carry

	// upper has 63 or 64 bits, of which 53 are kept.
	cut := 10 + int(upper>>63)
	half := uint64(1) << (cut - 1)
	rest := upper & (2*half - 1)
	if rest == half && middle == 0 {
		return 0, false
	}
	c := upper >> cut
	if rest >= half {
		c++
	}
	// m * 10^e is c * 2^q; a c of 2^53 carries into the exponent.
	q := cut + 1 + floorLog2Pow10(e) - shift
	exponent := q - leastPower + 1
	if exponent < 1 || exponent > exponentMask-2 {
		return 0, false
	}
	return math.Float64frombits(uint64(exponent-1)<<fractionBits + c), true
}
