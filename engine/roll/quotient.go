package roll

// Mul sets dst to a · b. dst may be a or b.
func Mul(dst, a, b []float64) {
	for i := mulWide(dst, a, b); i < len(dst); i++ {
		dst[i] = a[i] * b[i]
	}
}

// Ratio sets dst to a / b, and none where b is 0. dst may be a or b.
func Ratio(dst, a, b []float64, none float64) {
	for i := ratioWide(dst, a, b, none); i < len(dst); i++ {
		d := b[i]
		q := a[i] / d
		if d == 0 {
			q = none
		}
		dst[i] = q
	}
}

// Growth sets dst to (x − before) / before, and 0 where before is 0: a part of
// one, where Change is in percent, and with all the digits of a small step. dst
// may be x or before.
func Growth(dst, x, before []float64) {
	for i := growthWide(dst, x, before); i < len(dst); i++ {
		d := before[i]
		q := (x[i] - d) / d
		if d == 0 {
			q = 0
		}
		dst[i] = q
	}
}

// Stretch widens the ranges from low to high so that x is in them.
func Stretch(high, low, x []float64) {
	for i := stretchWide(high, low, x); i < len(x); i++ {
		high[i] = larger(high[i], x[i])
		if !(low[i] < x[i]) {
			low[i] = x[i]
		}
	}
}

// Sides splits x into what is above 0 and how far the rest is below it: one of
// up and down is 0, and the other not negative.
func Sides(x, up, down []float64) {
	for i := sidesWide(x, up, down); i < len(x); i++ {
		split(&up[i], &down[i], 0, x[i])
	}
}
