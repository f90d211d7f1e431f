package roll

import "math"

// Ratio sets dst to a / b, and none where b is 0. dst may be a or b.
func Ratio(dst, a, b []float64, none float64) {
	for i := ratioWide(dst, a, b, none); i < len(dst); i++ {
		dst[i] = RatioOf(a[i], b[i], none)
	}
}

// RatioOf is Ratio of one value.
func RatioOf(a, b, none float64) float64 {
	q := a / b
	if b == 0 {
		q = none
	}
	return q
}

// Percent sets dst to 100 · a / b, and 0 where b is 0. dst may be a or b.
func Percent(dst, a, b []float64) {
	for i := percentWide(dst, a, b); i < len(dst); i++ {
		dst[i] = PercentOf(a[i], b[i])
	}
}

// PercentOf is Percent of one value.
func PercentOf(a, b float64) float64 {
	q := 100 * (a / b)
	if b == 0 {
		q = 0
	}
	return q
}

// Growth sets dst to (x − before) / before, and 0 where before is 0: a part of
// one, where Change is in percent, and with all the digits of a small step. dst
// may be x or before.
func Growth(dst, x, before []float64) {
	for i := growthWide(dst, x, before); i < len(dst); i++ {
		dst[i] = GrowthOf(x[i], before[i])
	}
}

// GrowthOf is Growth of one value.
func GrowthOf(x, before float64) float64 {
	q := (x - before) / before
	if before == 0 {
		q = 0
	}
	return q
}

// Change sets dst to 100 · (x − before) / before, and 0 where before is 0, with
// all the digits of a small step. dst may be x or before.
func Change(dst, x, before []float64) {
	for i := changeWide(dst, x, before); i < len(dst); i++ {
		dst[i] = ChangeOf(x[i], before[i])
	}
}

// ChangeOf is Change of one value.
func ChangeOf(x, before float64) float64 {
	q := 100 * ((x - before) / before)
	if before == 0 {
		q = 0
	}
	return q
}

// Share sets dst to 100 · a / (a + b), and none where a + b is 0. dst may be a or
// b.
func Share(dst, a, b []float64, none float64) {
	for i := shareWide(dst, a, b, none); i < len(dst); i++ {
		dst[i] = ShareOf(a[i], b[i], none)
	}
}

// ShareOf is Share of one value.
func ShareOf(a, b, none float64) float64 {
	s := a + b
	q := 100 * (a / s)
	if s == 0 {
		q = none
	}
	return q
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

// Imbalance sets dst to 100 · |a − b| / (a + b). Where a + b is 0 there is none, nor
// where it overflows: dst is NaN, and the result says whether that happened. dst may
// be a or b.
func Imbalance(dst, a, b []float64) (holes bool) {
	i, holes := imbalanceWide(dst, a, b)
	for ; i < len(dst); i++ {
		v := ImbalanceOf(a[i], b[i])
		holes = holes || v != v
		dst[i] = v
	}
	return holes
}

// ImbalanceOf is Imbalance of one value.
func ImbalanceOf(a, b float64) float64 {
	q := 100 * (math.Abs(a-b) / (a + b))
	if a+b == 0 {
		q = nan
	}
	return q
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
