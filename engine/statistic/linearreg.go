package statistic

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// LinearReg is the end of a regression line.
var LinearReg = shortly(line("linearreg", "Linear Regression", ta.Price,
	`Where the straight line that fits the last n prices best stands at the newest of them.

linearreg = mean + linearreg_slope · (n−1)/2, the least-squares line at its end, which is 3·WMA(x, n) − 2·SMA(x, n), too.`,
	func(out, middle, x []float64, n float64) { at(out, middle, x, (n-1)/2) }))

// shortly gives ind, the end of a line, a kernel for short windows, where adding up
// what each step of the price weighs is twice as fast. Those of ind's kin are less in
// use.
func shortly(ind *ta.Indicator) *ta.Indicator {
	long := ind.New
	ind.New = func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		if n > roll.NearBars {
			return long(a)
		}
		// The k oldest prices weigh k·(3k+1−2n) / (n·(n+1)) together, and are the step
		// that follows them further from the newest one.
		weights := make([]float64, n-1)
		for i := range weights {
			k := i + 1
			weights[i] = float64(k*(2*n-1-3*k)) / float64(n*(n+1))
		}
		return roll.Kernel(roll.NewNear(weights))
	}
	return ind
}
