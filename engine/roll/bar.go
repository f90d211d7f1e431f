package roll

import "math"

var inf = math.Inf(1)

// Flat is the part of two prices' size below which their difference is taken
// for rounding and counts as none, as TA-Lib has it: some 90 steps of a float64.
const Flat = 1e-14

// abs is what the processor computes by clearing the sign.
func abs(x float64) float64 { return math.Abs(x) }

// Typical sets dst to (high + low + close) / 3, divided as Divide does.
func Typical(dst, high, low, close []float64) {
	const inv = 1.0 / 3
	for i := typicalWide(dst, high, low, close); i < len(dst); i++ {
		s := high[i] + low[i] + close[i]
		q := s * inv
		dst[i] = math.FMA(math.FMA(-q, 3, s), inv, q)
	}
}

// Within sets dst to how far x is from an end of a range, in percent of it:
// 100 · (x − end) / (high − low), and 0 where the range is Flat. dst may be any
// of the others.
func Within(dst, x, end, low, high []float64) {
	for i := withinWide(dst, x, end, low, high); i < len(dst); i++ {
		l, h := low[i], high[i]
		d := x[i] - end[i]
		dst[i] = 0
		if r := h - l; r > Flat*(abs(h)+abs(l)) {
			dst[i] = 100 * (d / r)
		}
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

// Share sets dst to 100 · a / (a + b), and 0 where a + b is 0. dst may be a or b.
func Share(dst, a, b []float64) {
	for i := shareWide(dst, a, b); i < len(dst); i++ {
		s := a[i] + b[i]
		q := 100 * (a[i] / s)
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
		dst[i] = 100 * (abs(d) / s)
		if s == 0 {
			dst[i], holes = nan, true
		}
	}
	return holes
}

// Change sets dst to 100 · (x / before − 1), and 0 where before is 0. dst may be
// x or before.
func Change(dst, x, before []float64) {
	for i := changeWide(dst, x, before); i < len(dst); i++ {
		d := before[i]
		q := 100 * (x[i]/d - 1)
		if d == 0 {
			q = 0
		}
		dst[i] = q
	}
}

// Accumulation sets dst to the part of volume that counts as bought, less the
// one sold, by where the bar closes in its range:
// volume · ((close − low) − (high − close)) / (high − low), and 0 for a bar
// without a range.
func Accumulation(dst, high, low, close, volume []float64) {
	for i := accumulationWide(dst, high, low, close, volume); i < len(dst); i++ {
		h, l, c := high[i], low[i], close[i]
		dst[i] = 0
		if r := h - l; r > 0 {
			dst[i] = ((c - l) - (h - c)) / r * volume[i]
		}
	}
}

// Channel sets dst to Lambert's index of a value x, its window's mean and its
// mean deviation, (x − mean) / (0.015 · deviation), and 0 where either of them
// is Flat beside the mean. dst may be any of the others.
func Channel(dst, x, mean, deviation []float64) {
	for i := channelWide(dst, x, mean, deviation); i < len(dst); i++ {
		d, dev, still := x[i]-mean[i], deviation[i], Flat*abs(mean[i])
		dst[i] = 0
		if abs(d) > still && dev > still {
			dst[i] = d / (0.015 * dev)
		}
	}
}
