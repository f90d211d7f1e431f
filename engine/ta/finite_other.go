//go:build !(goexperiment.simd && amd64)

package ta

// finiteWide looks at as many values as fill four sums, and says how many those
// are and whether all of them are finite.
func finiteWide(x []float64) (int, bool) {
	var a, b, c, d float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		v := x[i : i+4 : i+4]
		a += v[0] - v[0]
		b += v[1] - v[1]
		c += v[2] - v[2]
		d += v[3] - v[3]
	}
	return i, a+b+c+d == 0
}
