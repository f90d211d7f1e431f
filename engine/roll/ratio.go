package roll

// Quotient sets dst to a / b, and 0 where b is 0. dst may be a or b.
func Quotient(dst, a, b []float64) {
	for i := quotientWide(dst, a, b); i < len(dst); i++ {
		d := b[i]
		q := a[i] / d
		if d == 0 {
			q = 0
		}
		dst[i] = q
	}
}

// Relative sets dst to (x − before) / before, and 0 where before is 0. dst may
// be x or before.
func Relative(dst, x, before []float64) {
	for i := relativeWide(dst, x, before); i < len(dst); i++ {
		d := before[i]
		q := (x[i] - d) / d
		if d == 0 {
			q = 0
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

// Odds sets dst to 100 · a / (a + b), and 50 where a + b is 0. dst may be a or b.
func Odds(dst, a, b []float64) {
	for i := oddsWide(dst, a, b); i < len(dst); i++ {
		s := a[i] + b[i]
		q := 100 * (a[i] / s)
		if s == 0 {
			q = 50
		}
		dst[i] = q
	}
}

// Efficiency sets dst to the whole way from past to x as a part of the way that
// was gone, and 1 where that is no longer. dst may be any of the others.
func Efficiency(dst, x, past, gone []float64) {
	for i := efficiencyWide(dst, x, past, gone); i < len(dst); i++ {
		q := 1.0
		if whole := abs(x[i] - past[i]); whole < gone[i] {
			q = whole / gone[i]
		}
		dst[i] = q
	}
}

// Surprise sets dst to how far x is from what was forecast, in percent of x:
// 100 · (x − forecast) / x, and 0 where the difference is Flat beside x. dst may
// be x or forecast.
func Surprise(dst, x, forecast []float64) {
	for i := surpriseWide(dst, x, forecast); i < len(dst); i++ {
		v := x[i]
		d := v - forecast[i]
		dst[i] = 0
		if abs(d) > Flat*abs(v) {
			dst[i] = 100 * (d / v)
		}
	}
}

// Magnitude sets dst to |a|. dst may be a.
func Magnitude(dst, a []float64) {
	for i := magnitudeWide(dst, a); i < len(dst); i++ {
		dst[i] = abs(a[i])
	}
}

// Middle sets dst to (a + b) / 2. dst may be a or b.
func Middle(dst, a, b []float64) {
	for i := middleWide(dst, a, b); i < len(dst); i++ {
		dst[i] = (a[i] + b[i]) * 0.5
	}
}

// Product sets dst to a · b. dst may be a or b.
func Product(dst, a, b []float64) {
	for i := productWide(dst, a, b); i < len(dst); i++ {
		dst[i] = a[i] * b[i]
	}
}

// Weighed sets dst to a / b, and NaN where b is 0. dst may be a or b.
func Weighed(dst, a, b []float64) {
	for i := weighedWide(dst, a, b); i < len(dst); i++ {
		d := b[i]
		q := a[i] / d
		if d == 0 {
			q = nan
		}
		dst[i] = q
	}
}
