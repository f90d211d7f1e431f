package statistic

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// TSF is where a regression line leads to.
var TSF = line("tsf", "Time Series Forecast", ta.Price,
	`Where the straight line that fits the last n prices best will stand at the next bar.

mean + linearreg_slope · (n+1)/2, the least-squares line one bar beyond its end.`,
	func(out, middle, x []float64, n float64) { at(out, middle, x, (n+1)/2) })
