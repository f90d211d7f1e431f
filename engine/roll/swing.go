package roll

// Swing sets dst to 100 where a value is above both others, else to 0.
func Swing(dst, x, before, after []float64) {
	for i := swingWide(dst, x, before, after); i < len(dst); i++ {
		dst[i] = 0
		if x[i] > larger(before[i], after[i]) {
			dst[i] = 100
		}
	}
}

// Dip sets dst to 100 where a value is below both others, else to 0.
func Dip(dst, x, before, after []float64) {
	for i := dipWide(dst, x, before, after); i < len(dst); i++ {
		dst[i] = 0
		if x[i] < smaller(before[i], after[i]) {
			dst[i] = 100
		}
	}
}
