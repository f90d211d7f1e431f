package roll

import "math"

// The elementary functions of package math have other bits on other machines:
// some are written in assembly, and the others are fused where the compiler
// fuses. These have the same ones everywhere, and are off by some steps of a
// float64 at most, as the test says.

// Map sets dst to f of x, and NaN where that is not finite. dst may be x.
func Map(dst, x []float64, f func(float64) float64) {
	for i, v := range x {
		y := f(v) + 0 // no −0
		if y-y != 0 {
			y = nan
		}
		dst[i] = y
	}
}

// series is c[0] + c[1]·z + c[2]·z² + …
func series(z float64, c []float64) float64 {
	s := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		s = math.FMA(s, z, c[i])
	}
	return s
}

// factorials are 1/from!, 1/(from+by)!, … times sign to the power of the place.
func factorials(from, by, n int, sign float64) []float64 {
	c := make([]float64, n)
	f, s, k := 1.0, 1.0, 0
	for i := range c {
		for k < from+i*by {
			k++
			f *= float64(k) // exact up to 22!
		}
		c[i] = s / f
		s *= sign
	}
	return c
}

var (
	sines         = factorials(3, 2, 9, -1) // without the sign before the first
	cosines       = factorials(4, 2, 9, -1)
	sinesOfRate   = factorials(3, 2, 9, 1)
	exponents     = factorials(2, 1, 13, 1)
	tangentsOfLog = []float64{2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21}
)

// A constant in two or three parts, each the next 53 bits of what it leaves: the
// compiler keeps far more digits of what is left.
const (
	ln2High = 0x1.62e42fefa39efp-1
	ln2Low  = math.Ln2 - ln2High

	halfPiHigh = 0x1.921fb54442d18p0
	halfPiMid  = 0x1.1a62633145c07p-54
	halfPiLow  = math.Pi/2 - halfPiHigh - halfPiMid
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

// maxTurn is up to where the quarters of a circle in x are counted here. Beyond
// it values are a whole apart, and package math does the rest: in x there is no
// angle left that anybody meant.
const maxTurn = 1 << 52

// turn is x less n quarters of a circle, as the sum of two values, of which the
// second is very small, for |x| up to maxTurn. Products are split into a rounded
// one and the rest, and so are differences (Dekker, Numer. Math. 18, 1971).
func turn(x float64) (r, rest float64, n int64) {
	k := math.RoundToEven(x * (2 / math.Pi))
	a, b := float64(k*halfPiHigh), float64(k*halfPiMid)
	below := math.FMA(k, halfPiHigh, -a)
	d, dRest := difference(x-a, below)
	e, eRest := difference(d, b)
	rest = dRest + eRest - math.FMA(k, halfPiMid, -b) - float64(k*halfPiLow)
	r = e + rest
	return r, e - r + rest, int64(k)
}

// difference is a − b, rounded, and what was lost by that.
func difference(a, b float64) (d, rest float64) {
	d = a - b
	v := d - a
	return d, (a - (d - v)) - (b + v)
}

// sine and cosine are of r + rest, from −1 to 1.
func sine(r, rest float64) float64 {
	z := float64(r * r)
	return r + math.FMA(-float64(z*r), series(z, sines), float64(rest*(1-z/2)))
}

func cosine(r, rest float64) float64 {
	z := float64(r * r)
	return 1 - math.FMA(z, 0.5-float64(z*series(z, cosines)), float64(r*rest))
}

// Sin is the sine of x in radians.
func Sin(x float64) float64 {
	if !(math.Abs(x) <= maxTurn) {
		return math.Sin(x)
	}
	r, rest, n := turn(x)
	y := sine(r, rest)
	if n&1 != 0 {
		y = cosine(r, rest)
	}
	if n&2 != 0 {
		y = -y
	}
	return y
}

// Cos is the cosine of x in radians.
func Cos(x float64) float64 {
	if !(math.Abs(x) <= maxTurn) {
		return math.Cos(x)
	}
	r, rest, n := turn(x)
	y := cosine(r, rest)
	if n&1 != 0 {
		y = sine(r, rest)
	}
	if (n+1)&2 != 0 {
		y = -y
	}
	return y
}

// Tan is the tangent of x in radians.
func Tan(x float64) float64 {
	if !(math.Abs(x) <= maxTurn) {
		return math.Tan(x)
	}
	r, rest, n := turn(x)
	s, c := sine(r, rest), cosine(r, rest)
	if n&1 != 0 {
		return -c / s
	}
	return s / c
}

// Asin is the angle whose sine is x, NaN beyond ±1.
func Asin(x float64) float64 { return arctan(x / math.Sqrt(float64((1-x)*(1+x)))) }

// Acos is the angle whose cosine is x, NaN beyond ±1.
func Acos(x float64) float64 { return 2 * arctan(math.Sqrt((1-x)/(1+x))) }

// Atan is the angle whose tangent is x.
func Atan(x float64) float64 { return arctan(x) }

// Sinh is the hyperbolic sine.
func Sinh(x float64) float64 {
	a := math.Abs(x)
	if a <= 1 {
		z := float64(x * x)
		return math.FMA(float64(z*x), series(z, sinesOfRate), x)
	}
	y, z := halves(a)
	return math.Copysign(y-z, x)
}

// Cosh is the hyperbolic cosine.
func Cosh(x float64) float64 {
	y, z := halves(math.Abs(x))
	return y + z
}

// halves are e^a/2 and e^−a/2. The first is made of two factors, for e^a alone
// may be too large.
func halves(a float64) (y, z float64) {
	if a > 40 {
		half := Exp(a / 2)
		return half / 2 * half, 0
	}
	e := Exp(a)
	return e / 2, 0.5 / e
}

// Tanh is the hyperbolic tangent.
func Tanh(x float64) float64 {
	if math.Abs(x) > 20 {
		return math.Copysign(1, x)
	}
	return Sinh(x) / Cosh(x)
}
