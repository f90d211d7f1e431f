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
// what each price weighs is twice as fast. Those of ind's kin are less in use.
func shortly(ind *ta.Indicator) *ta.Indicator {
	long := ind.New
	ind.New = func(a ta.Args) ta.Kernel {
		n := a.Int("period")
		if n > roll.NearBars {
			return long(a)
		}
		weights := make([]float64, n)
		for k := range weights { // from the oldest price on
			weights[k] = float64(6*k-2*n+4) / float64(n*(n+1))
		}
		near := roll.NewNear(weights)
		return ta.NewKernel(func(in, out ta.Columns) {
			lead := near.Next(in[0], out[0])
			roll.Add(out[0][lead:], out[0][lead:], in[0][lead:])
		}, near)
	}
	return ind
}
