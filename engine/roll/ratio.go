package roll

import "math"

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

// Percent sets dst to 100 · a / b, and 0 where b is 0. dst may be a or b.
func Percent(dst, a, b []float64) {
	for i := percentWide(dst, a, b); i < len(dst); i++ {
		d := b[i]
		q := 100 * (a[i] / d)
		if d == 0 {
			q = 0
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

// Change sets dst to 100 · (x − before) / before, and 0 where before is 0, with
// all the digits of a small step. dst may be x or before.
func Change(dst, x, before []float64) {
	for i := changeWide(dst, x, before); i < len(dst); i++ {
		d := before[i]
		q := 100 * ((x[i] - d) / d)
		if d == 0 {
			q = 0
		}
		dst[i] = q
	}
}

// Share sets dst to 100 · a / (a + b), and none where a + b is 0. dst may be a or
// b.
func Share(dst, a, b []float64, none float64) {
	for i := shareWide(dst, a, b, none); i < len(dst); i++ {
		s := a[i] + b[i]
		q := 100 * (a[i] / s)
		if s == 0 {
			q = none
		}
		dst[i] = q
	}
}

// Balance sets dst to 100 · (a − b) / (a + b), and 0 where a + b is 0. dst may be
// a or b.
func Balance(dst, a, b []float64) {
	for i := balanceWide(dst, a, b); i < len(dst); i++ {
		s := a[i] + b[i]
		q := 100 * ((a[i] - b[i]) / s)
		if s == 0 {
			q = 0
		}
		dst[i] = q
	}
}

// Imbalance sets dst to 100 · |a − b| / (a + b). Where a + b is 0 there is none:
// dst is NaN, and the result says whether that happened. dst may be a or b.
func Imbalance(dst, a, b []float64) (holes bool) {
	i, holes := imbalanceWide(dst, a, b)
	for ; i < len(dst); i++ {
		s, d := a[i]+b[i], a[i]-b[i]
		dst[i] = 100 * (math.Abs(d) / s)
		if s == 0 {
			dst[i], holes = nan, true
		}
	}
	return holes
}

// Efficiency sets dst to the whole way from past to x as a part of the way that
// was gone, and 1 where that is no longer. dst may be any of the others.
func Efficiency(dst, x, past, gone []float64) {
	for i := efficiencyWide(dst, x, past, gone); i < len(dst); i++ {
		q := 1.0
		if whole := math.Abs(x[i] - past[i]); whole < gone[i] {
			q = whole / gone[i]
		}
		dst[i] = q
	}
}

// Surprise sets dst to how far x is ahead of what was forecast, in percent of x,
// and to 0 where that is Flat beside x. dst may be x or ahead.
func Surprise(dst, x, ahead []float64) {
	for i := surpriseWide(dst, x, ahead); i < len(dst); i++ {
		v, d := x[i], ahead[i]
		dst[i] = 0
		if math.Abs(d) > Flat*math.Abs(v) {
			dst[i] = 100 * (d / v)
		}
	}
}
