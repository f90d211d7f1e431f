package roll

import "math"

var sinesOfRate = factorials(3, 2, 9, 1)

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
