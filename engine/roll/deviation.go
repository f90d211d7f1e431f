package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Deviation is the mean and the standard deviation of the last n values, as of
// a whole population.
type Deviation struct {
	Variance
	quotient      // by the number of values: for Tick
	minusPart Two // of the window that a value is
}

// NewDeviation looks at n values, 1 or more.
func NewDeviation(n int) *Deviation { return &Deviation{Variance: *NewVariance(n)} }

// Next sets mean to the means and deviation to the standard deviations.
func (d *Deviation) Next(x, mean, deviation []float64) int {
	return d.next(x, mean, deviation, float64(d.n))
}

// Watch is Next for values that may have holes: it returns false, with d as it was,
// where it met one, or cannot tell.
func (d *Deviation) Watch(x, mean, deviation []float64) (lead int, ok bool) {
	return d.watch(x, mean, deviation, float64(d.n))
}

// Spread is the standard deviation of the last n values times a number.
type Spread struct {
	Deviation
	times float64
	mean  [ta.Tile]float64 // which nobody asks for
}

// NewSpread looks at n values, 1 or more.
func NewSpread(n int, times float64) Average {
	s := &Spread{Deviation: *NewDeviation(n), times: times}
	if len(s.plan) == 0 {
		return brief{s}
	}
	return s
}

// Next implements ta.Series.
func (s *Spread) Next(x, out []float64) int {
	lead := s.Deviation.Next(x, s.mean[:len(x)], out)
	s.scale(out[lead:])
	return lead
}

// Watch is Next for values that may have holes: it returns false, with s as it was,
// where it met one, or cannot tell.
func (s *Spread) Watch(x, out []float64) bool {
	lead, ok := s.Deviation.Watch(x, s.mean[:len(x)], out)
	if ok {
		s.scale(out[lead:])
	}
	return ok
}

func (s *Spread) scale(out []float64) {
	if s.times != 1 {
		Scale(out, out, s.times)
	}
}
