package chart

import "math"

// Wedges are corridors that narrow and slope as a whole, against the way that
// the price will go.
var (
	RisingWedge = &Pattern{
		Spec: wedge.spec("rising_wedge", "Rising Wedge",
			`Rising highs and lows, the lows rising faster: each rise gains less than the one before.`, wedgeSource),
		find: wedge.find,
	}
	FallingWedge = &Pattern{
		Spec: wedge.turned().spec("falling_wedge", "Falling Wedge",
			`Falling highs and lows, the highs falling faster: each fall gains less than the one before.`, wedgeSource),
		find: wedge.turned().find,
	}
)

var wedge = shape{
	upper: bounds{0.1, 0.5, math.Inf(1)}, lower: bounds{0.4, 1, math.Inf(1)}, gap: narrower,
	leaves: Bearish,
}

const wedgeSource = `R. D. Edwards and J. Magee, Technical Analysis of Stock Trends, 1948; J. J. Murphy, Technical Analysis of the Financial Markets, 1999. The bounds are ours.`
