package statistic

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// LinearRegIntercept is the beginning of a regression line.
var LinearRegIntercept = line("linearreg_intercept", "Linear Regression Intercept", ta.Price,
	`Where the straight line that fits the last n prices best stands at the oldest of them.

mean − linearreg_slope · (n−1)/2, the least-squares line at its beginning.`,
	func(out, middle, x []float64, n float64) { at(out, middle, x, -(n-1)/2) })
