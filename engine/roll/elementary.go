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
