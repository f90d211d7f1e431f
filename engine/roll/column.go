package roll

import "math"

// Add sets dst to a + b. dst may be a or b.
func Add(dst, a, b []float64) {
	for i := addWide(dst, a, b); i < len(dst); i++ {
		dst[i] = a[i] + b[i]
	}
}

// Sub sets dst to a − b. dst may be a or b.
func Sub(dst, a, b []float64) {
	for i := subWide(dst, a, b); i < len(dst); i++ {
		dst[i] = a[i] - b[i]
	}
}

// Scale sets dst to c · a. dst may be a.
func Scale(dst, a []float64, c float64) {
	for i := scaleWide(dst, a, c); i < len(dst); i++ {
		dst[i] = a[i] * c
	}
}

// MulAdd sets dst to c · a + b, rounded once. dst may be a or b.
func MulAdd(dst, a []float64, c float64, b []float64) {
	for i := mulAddWide(dst, a, c, b); i < len(dst); i++ {
		dst[i] = math.FMA(a[i], c, b[i])
	}
}

// Divide sets dst to a / n, rounded to nearest like a division but at the price
// of three multiplications: the product with the reciprocal is corrected by its
// exact remainder (Markstein, IBM J. Res. Dev. 34, 1990). dst may be a.
func Divide(dst, a []float64, n float64) {
	inv := 1 / n
	for i := divideWide(dst, a, n, inv); i < len(dst); i++ {
		q := a[i] * inv
		dst[i] = math.FMA(math.FMA(-q, n, a[i]), inv, q)
	}
}

// larger is what the processor's MAXPD computes, unlike max: no rule for NaN,
// which its users never see, or for the sign of zero, which they do not pass on.
func larger(a, b float64) float64 {
	if a > b {
		return a
	}
	return b
}
