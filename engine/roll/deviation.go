package roll

import "math"

// Deviation is the mean and the standard deviation of the last n values, as of
// a whole population.
type Deviation struct{ *Variance }

// NewDeviation looks at n values, 1 or more.
func NewDeviation(n int) *Deviation { return &Deviation{NewVariance(n)} }

// Next sets mean to the means and deviation to the standard deviations.
func (d *Deviation) Next(x, mean, deviation []float64) int {
	lead := d.Variance.Next(x, mean, deviation)
	spread(deviation[lead:], deviation[lead:], float64(d.n))
	return lead
}

// spread sets dst to the root of ssd divided by d, as Divide divides. dst may be
// ssd.
func spread(dst, ssd []float64, d float64) {
	inv := 1 / d
	for i := spreadWide(dst, ssd, d, inv); i < len(dst); i++ {
		q := ssd[i] * inv
		dst[i] = math.Sqrt(math.FMA(math.FMA(-q, d, ssd[i]), inv, q))
	}
}
