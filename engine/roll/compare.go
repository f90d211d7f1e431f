package roll

import "math"

// Word is how many bars a set of bars has, one bit each.
const Word = 64

// Above is the set of bars, at most a Word, on which x > y: bit i is for bar i.
func Above(x, y []float64) uint64 {
	m, i := aboveWide(x, y)
	for ; i < len(x); i++ {
		m |= bit(x[i] > y[i]) << i
	}
	return m
}

// bit is 1 where it is so; the compiler needs no branch for it.
func bit(so bool) (b uint64) {
	if so {
		b = 1
	}
	return b
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
		dst[i] = -larger(-a[i], -b[i])
	}
}

// Apart sets dst to |a − b|. dst may be a or b.
func Apart(dst, a, b []float64) {
	for i := apartWide(dst, a, b); i < len(dst); i++ {
		dst[i] = math.Abs(a[i] - b[i])
	}
}

// Means sets dst to the means of n values each, those of x from the same index
// on: x has n − 1 more. The oldest is added first, and Divide divides. Unlike
// NewMean it keeps nothing, and is for windows that are short.
func Means(dst, x []float64, n int) {
	d := float64(n)
	inv := 1 / d
	for i := meansWide(dst, x, n, d, inv); i < len(dst); i++ {
		s := x[i]
		for _, v := range x[i+1 : i+n] {
			s += v
		}
		q := s * inv
		dst[i] = math.FMA(math.FMA(-q, d, s), inv, q)
	}
}
