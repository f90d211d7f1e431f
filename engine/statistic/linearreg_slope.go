package statistic

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// LinearRegSlope is how steep a regression line is.
var LinearRegSlope = line("linearreg_slope", "Linear Regression Slope", ta.Price,
	`How much the straight line that fits the last n prices best rises in a bar.

Σ(k − (n−1)/2) · x[k] / Σ(k − (n−1)/2)², k from 0 for the oldest to n−1 for the newest.`,
	func([]float64, []float64, []float64, float64) {})
