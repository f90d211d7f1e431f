package roll

import "math"

// Sine is that of an angle in degrees, of some turns at most. Unlike those of an
// angle in radians, for Sin, its whole quarters are taken off exactly; Taylor's
// series of what is left, at most an eighth of a turn, are exact up to x¹⁷ and
// x¹⁶.
func Sine(degrees float64) float64 {
	quarters := math.Floor(degrees/90 + 0.5)
	x := (degrees - float64(quarters*90)) * (math.Pi / 180)
	s := float64(x * x)
	var y float64
	if q := int(quarters) & 3; q&1 == 0 {
		y = math.FMA(float64(x*s), -series(s, sines[:8]), x)
		if q == 2 {
			y = -y
		}
	} else {
		y = math.FMA(s, math.FMA(series(s, cosines[:7]), s, -0.5), 1)
		if q == 3 {
			y = -y
		}
	}
	return y
}
