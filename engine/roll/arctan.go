package roll

import "math"

// arctans are the arc tangents of 0, 1/8, … 1.
var arctans = [...]float64{
	0,
	0.1243549945467614350313,
	0.2449786631268641541720,
	0.3587706702705722203959,
	0.4636476090008061162142,
	0.5585993153435624359715,
	0.6435011087932843868028,
	0.7188299996216245054170,
	math.Pi / 4,
}

// tangents are the terms of Taylor's series after the first.
var tangents = []float64{-1.0 / 3, 1.0 / 5, -1.0 / 7, 1.0 / 9, -1.0 / 11, 1.0 / 13}

// Atan is the angle whose tangent is x.
//
// With k/8 next to x it is atan(k/8) + atan(r), r = (x − k/8) / (1 + x·k/8), and
// r is so small that Taylor's series is exact up to r¹³: r¹⁴/15 is below 2⁻⁵⁹.
func Atan(x float64) float64 {
	a := math.Abs(x)
	if a > 1 {
		return math.Copysign(math.Pi/2-Atan(1/a), x)
	}
	if a != a {
		return x
	}
	n := int(float64(8*a) + 0.5)
	k := float64(n)
	r := (a - k/8) / math.FMA(a, k/8, 1)
	s := float64(r * r)
	return math.Copysign(arctans[n]+math.FMA(float64(r*s), series(s, tangents), r), x)
}
