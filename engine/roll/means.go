package roll

import "math"

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
