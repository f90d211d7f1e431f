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

// Mul sets dst to a · b. dst may be a or b.
func Mul(dst, a, b []float64) {
	for i := mulWide(dst, a, b); i < len(dst); i++ {
		dst[i] = a[i] * b[i]
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

// Divided is Divide of one value.
func Divided(a, n float64) float64 { return divided(a, n, 1/n) }

// Middle sets dst to (a + b) / 2. dst may be a or b.
func Middle(dst, a, b []float64) {
	for i := middleWide(dst, a, b); i < len(dst); i++ {
		dst[i] = (a[i] + b[i]) * 0.5
	}
}

// Magnitude sets dst to |a|. dst may be a.
func Magnitude(dst, a []float64) {
	for i := magnitudeWide(dst, a); i < len(dst); i++ {
		dst[i] = math.Abs(a[i])
	}
}

// Apart sets dst to |a − b|. dst may be a or b.
func Apart(dst, a, b []float64) {
	for i := apartWide(dst, a, b); i < len(dst); i++ {
		dst[i] = math.Abs(a[i] - b[i])
	}
}

// Greater sets dst to the greater of a and b. dst may be a or b.
func Greater(dst, a, b []float64) {
	for i := greaterWide(dst, a, b); i < len(dst); i++ {
		dst[i] = larger(a[i], b[i])
	}
}

// Lesser sets dst to the lesser of a and b. dst may be a or b.
func Lesser(dst, a, b []float64) {
	for i := lesserWide(dst, a, b); i < len(dst); i++ {
		dst[i] = smaller(a[i], b[i])
	}
}
