package roll

// Deviation is the mean and the standard deviation of the last n values, as of
// a whole population.
type Deviation struct {
	*Variance
	minus     float64 // the number of values, negative: for Tick
	minusPart float64 // and the part of the window that a value is
}

// NewDeviation looks at n values, 1 or more.
func NewDeviation(n int) *Deviation { return &Deviation{Variance: NewVariance(n)} }

// Next sets mean to the means and deviation to the standard deviations.
func (d *Deviation) Next(x, mean, deviation []float64) int {
	return d.next(x, mean, deviation, float64(d.n))
}

// Watch is Next for values that may have holes: it returns false, with d as it was,
// where it met one, or cannot tell.
func (d *Deviation) Watch(x, mean, deviation []float64) (lead int, ok bool) {
	return d.watch(x, mean, deviation, float64(d.n))
}
