package roll

import "math"

var (
	exponents     = factorials(2, 1, 13, 1)
	tangentsOfLog = []float64{2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21}
)

// The logarithm of 2 in two parts, the second the next 53 bits of what the first
// leaves: the compiler keeps far more digits of what is left.
const (
	ln2High = 0x1.62e42fefa39efp-1
	ln2Low  = math.Ln2 - ln2High
)

// Exp is e to the power of x: 2^k times the series of the rest, which is at most
// half of ln 2.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 710:
		return inf
	case x < -746:
		return 0
	}
	k := math.RoundToEven(x / math.Ln2)
	r := math.FMA(-k, ln2Low, math.FMA(-k, ln2High, x))
	y := 1 + math.FMA(float64(r*r), series(r, exponents), r)
	half := int(k) / 2 // in two steps, for 2^1024 is too large and 2^−1074 inexact
	return y * power2(half) * power2(int(k)-half)
}

// power2 is 2^k, from −1022 to 1023.
func power2(k int) float64 { return math.Float64frombits(uint64(1023+k) << 52) }

// Log is the natural logarithm: of x = m·2^k with m from √½ to √2, that of m by
// the series of the inverse hyperbolic tangent.
func Log(x float64) float64 {
	switch {
	case !(x > 0):
		if x == 0 {
			return -inf
		}
		return nan
	case x > math.MaxFloat64:
		return x
	}
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	k, f := float64(e), m-1
	s := f / (2 + f)
	z := float64(s * s)
	y := math.FMA(-s, f-float64(z*series(z, tangentsOfLog)), f)
	return math.FMA(k, ln2High, math.FMA(k, ln2Low, y))
}

// Log10 is the logarithm to base 10.
func Log10(x float64) float64 {
	const high = 0x1.bcb7b1526e50ep-2
	y := Log(x)
	if math.IsInf(y, 0) {
		return y
	}
	return math.FMA(y, high, float64(y*(math.Log10E-high)))
}
