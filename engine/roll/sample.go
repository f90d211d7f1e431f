package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Deviation is the mean and the standard deviation of the last n values, as of
// a whole population.
type Deviation struct{ *Variance }

// NewDeviation looks at n values, 1 or more.
func NewDeviation(n int) *Deviation { return &Deviation{NewVariance(n)} }

// Next sets mean to the means and deviation to the standard deviations.
func (d *Deviation) Next(x, mean, deviation []float64) int {
	lead := d.Variance.Next(x, mean, deviation)
	Divide(deviation[lead:], deviation[lead:], float64(d.n))
	Root(deviation[lead:], deviation[lead:])
	return lead
}

// Root sets dst to the square root of a. dst may be a.
func Root(dst, a []float64) {
	for i := rootWide(dst, a); i < len(dst); i++ {
		dst[i] = math.Sqrt(a[i])
	}
}

// Regression is the newest point of the least-squares line through the last n
// values: 3 times their weighted mean less 2 times the plain one. With sums in
// place of means that is one division, and exact on values that do not change.
type Regression struct {
	*Weighted
	sum [ta.Tile]float64
}

// NewRegression looks at n values, 1 or more.
func NewRegression(n int) *Regression { return &Regression{Weighted: NewWeighted(n)} }

// Next sets out to the points.
func (r *Regression) Next(x, out []float64) int {
	sum := r.sum[:len(x)]
	lead := r.Weighted.Next(x, sum, out)
	Scale(out[lead:], out[lead:], 3)
	MulAdd(out[lead:], sum[lead:], -float64(r.n+1), out[lead:])
	Divide(out[lead:], out[lead:], triangle(r.n))
	return lead
}
