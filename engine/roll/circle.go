package roll

import "math"

var (
	sines   = factorials(3, 2, 9, -1) // without the sign before the first
	cosines = factorials(4, 2, 9, -1)
)

// A quarter of a circle in three parts, each the next 53 bits of what the ones
// before it leave: the compiler keeps far more digits of what is left.
const (
	halfPiHigh = 0x1.921fb54442d18p0
	halfPiMid  = 0x1.1a62633145c07p-54
	halfPiLow  = math.Pi/2 - halfPiHigh - halfPiMid
)

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
func Asin(x float64) float64 { return Atan(x / math.Sqrt(float64((1-x)*(1+x)))) }

// Acos is the angle whose cosine is x, NaN beyond ±1.
func Acos(x float64) float64 { return 2 * Atan(math.Sqrt((1-x)/(1+x))) }
