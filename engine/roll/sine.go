package roll

import "math"

// Sine is that of an angle in degrees, of some turns at most:
// math.Sin has other bits where its compiler fuses, this has the same ones
// everywhere. Whole quarters are taken off exactly; Taylor's series of what is
// left, at most an eighth of a turn, are exact up to x¹⁷ and x¹⁶.
func Sine(degrees float64) float64 {
	quarters := math.Floor(degrees/90 + 0.5)
	x := (degrees - float64(quarters*90)) * (math.Pi / 180)
	s := float64(x * x)
	var y float64
	if q := int(quarters) & 3; q&1 == 0 {
		y = math.FMA(float64(x*s), polynomial(s, -1.0/6, 1.0/120, -1.0/5040, 1.0/362880, -1.0/39916800, 1.0/6227020800, -1.0/1307674368000, 1.0/355687428096000), x)
		if q == 2 {
			y = -y
		}
	} else {
		y = math.FMA(s, polynomial(s, -1.0/2, 1.0/24, -1.0/720, 1.0/40320, -1.0/3628800, 1.0/479001600, -1.0/87178291200, 1.0/20922789888000), 1)
		if q == 3 {
			y = -y
		}
	}
	return y
}

// polynomial is c[0] + c[1]·s + c[2]·s² and so on.
func polynomial(s float64, c ...float64) float64 {
	y := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		y = math.FMA(y, s, c[i])
	}
	return y
}
