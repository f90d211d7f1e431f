package roll

import "math"

// MeanDeviation is the mean of the last n values, and their mean distance from
// it. The distances are to each window's own mean, so nothing can be carried
// from one window to the next: n operations for each bar, four bars at a time.
type MeanDeviation struct {
	n      int
	mean   *Sum
	window track
}

// NewMeanDeviation looks at n values, 1 or more.
func NewMeanDeviation(n int) *MeanDeviation {
	return &MeanDeviation{n: n, mean: NewMean(n), window: newTrack(n)}
}

// Next sets mean to the means and deviation to the mean distances.
func (d *MeanDeviation) Next(x, mean, deviation []float64) int {
	lead := d.mean.Next(x, mean)
	// For the first bar with a result the window begins after the oldest value
	// of the track, which is one longer.
	w := d.window.push(x)[1+lead:]
	distances(w, mean[lead:], deviation[lead:], d.n)
	Divide(deviation[lead:], deviation[lead:], float64(d.n))
	Blank(lead, deviation)
	return lead
}

// distances sets dst[i] to the sum of |w[i+k] − mean[i]| over k below n, oldest
// first.
func distances(w, mean, dst []float64, n int) {
	for i := distancesWide(w, mean, dst, n); i < len(dst); i++ {
		s, m := 0.0, mean[i]
		for _, v := range w[i : i+n] {
			s += math.Abs(v - m)
		}
		dst[i] = s
	}
}

// AppendState implements ta.State.
func (d *MeanDeviation) AppendState(b []byte) []byte { return appendStates(b, d.mean, &d.window) }

// Restore implements ta.State.
func (d *MeanDeviation) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, d.mean, &d.window)
}

// Settle makes deviations 0 that are Flat beside the mean: what is left of them
// is the mean's own rounding.
func Settle(deviation, mean []float64) {
	for i, m := range mean {
		if !(deviation[i] > Flat*math.Abs(m)) {
			deviation[i] = 0
		}
	}
}

// Channel sets dst to Lambert's index of a value x, its window's mean and its
// mean deviation, (x − mean) / (0.015 · deviation), and 0 where either of them
// is Flat beside the mean. dst may be any of the others.
func Channel(dst, x, mean, deviation []float64) {
	for i := channelWide(dst, x, mean, deviation); i < len(dst); i++ {
		d, dev, still := x[i]-mean[i], deviation[i], Flat*math.Abs(mean[i])
		dst[i] = 0
		if math.Abs(d) > still && dev > still {
			dst[i] = d / (0.015 * dev)
		}
	}
}
