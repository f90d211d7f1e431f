package roll

import (
	"math"
	"sync"
)

// cycleOf is the period, in bars, of a cycle that turns in one bar by an angle of
// cotangent c: 2π / arccot(c). It is exact, up to rounding, from about 6 to 50
// bars; other cotangents give a period outside of these.
//
// Next to each eighth it is Taylor's series of the function, which converges by
// a factor of 18 a term at least, of 16 terms: no division, and no branch. The
// terms are two polynomials of eight, added up in pairs, pairs of pairs, and so on.
func cycleOf(c float64) float64 {
	c = smaller(larger(c, leastCotangent), mostCotangent)
	// Adding this leaves the eighths in the lowest bits.
	shifted := c + eighths
	t := &cycles()[math.Float64bits(shifted)&(1<<7-1)]
	u := c - (shifted - eighths)
	u2 := float64(u * u)
	u4 := float64(u2 * u2)
	var half [2]float64
	for k := range half {
		ab, cd := math.FMA(t[1][k], u, t[0][k]), math.FMA(t[3][k], u, t[2][k])
		ef, gh := math.FMA(t[5][k], u, t[4][k]), math.FMA(t[7][k], u, t[6][k])
		half[k] = math.FMA(math.FMA(gh, u2, ef), u4, math.FMA(cd, u2, ab))
	}
	return math.FMA(half[1], float64(u4*u4), half[0])
}

const (
	leastCotangent = 0.5 // a period of 5.7 bars
	mostCotangent  = 8   // and one of 50.5
	eighths        = 3 << 48
)

// terms are 0 to 7 of a series, and beside them terms 8 to 15.
type terms [8][2]float64

// cycles has the series next to each eighth of a cotangent.
var cycles = sync.OnceValue(func() *[1 << 7]terms {
	all := new([1 << 7]terms)
	for j := int(8 * leastCotangent); j <= 8*mostCotangent; j++ {
		c := float64(j) / 8
		// The angle has the derivative −1 / (1 + c²), which gives each term of it
		// from the two before; the terms of its reciprocal are those of a division.
		var angle, period [16]float64
		angle[0] = Atan(1 / c)
		angle[1] = -1 / math.FMA(c, c, 1)
		for n := 1; n < 15; n++ {
			s := math.FMA(float64(2*c*float64(n)), angle[n], float64(float64(n-1)*angle[n-1]))
			angle[n+1] = -s / float64(math.FMA(c, c, 1)*float64(n+1))
		}
		for n := range period {
			s := 0.0
			if n == 0 {
				s = 2 * math.Pi
			}
			for k := 1; k <= n; k++ {
				s = math.FMA(-angle[k], period[n-k], s)
			}
			period[n] = s / angle[0]
			all[j][n%8][n/8] = period[n]
		}
	}
	return all
})
