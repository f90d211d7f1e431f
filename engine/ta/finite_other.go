//go:build !(goexperiment.simd && amd64)

package ta

// finiteWide adds up as many values of each column as make steps of four, and
// says how many of each those are, and the sum: four sums in truth.
func finiteWide(in Columns, from, to int) (n int, sum float64) {
	n = (to - from) &^ 3
	var a, b, c, d float64
	for _, col := range in {
		col = col[from : from+n]
		for i := 0; i+4 <= len(col); i += 4 {
			v := col[i : i+4 : i+4]
			a += v[0]
			b += v[1]
			c += v[2]
			d += v[3]
		}
	}
	return n, a + b + (c + d)
}
