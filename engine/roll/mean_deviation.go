package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MeanDeviation is the mean of the last n values, and their mean distance from
// it. The distances are to each window's own mean, so nothing can be carried
// from one window to the next: n operations for each bar, four bars at a time.
//
// The mean is given as its distance from the newest value, made of the steps of
// the series, and every value is looked at from there: so the level of the series
// takes no part, and its rounding none either.
type MeanDeviation struct {
	n      int
	steps  *Steps
	mean   Distance
	window track
	step   [ta.Tile]float64
}

// NewMeanDeviation looks at n values, 1 or more.
func NewMeanDeviation(n int) *MeanDeviation {
	return &MeanDeviation{n: n, steps: NewSteps(), mean: NewDistance("sma", n), window: newTrack(n)}
}

// Next sets mean to the means less the newest values, and deviation to the mean
// distances.
func (d *MeanDeviation) Next(x, mean, deviation []float64) int {
	step := d.step[:len(x)]
	d.steps.Next(x, step)
	lead := d.mean.Next(x, step, mean)
	// For the first bar with a result the window begins after the oldest value
	// of the track, which is one longer.
	w := d.window.push(x)[1+lead:]
	distances(w, x[lead:], mean[lead:], deviation[lead:], d.n)
	Divide(deviation[lead:], deviation[lead:], float64(d.n))
	Blank(lead, deviation)
	return lead
}

// distances sets dst[i] to the sum of |w[i+k] − x[i] − mean[i]| over k below n: of
// those that n is above a multiple of four, and then of every four, oldest first.
func distances(w, x, mean, dst []float64, n int) {
	for i := distancesWide(w, x, mean, dst, n); i < len(dst); i++ {
		s, newest, m := 0.0, x[i], mean[i]
		far := func(v float64) float64 { return math.Abs(v - newest - m) }
		v := w[i : i+n]
		for ; len(v)%4 != 0; v = v[1:] {
			s += far(v[0])
		}
		for ; len(v) > 0; v = v[4:] {
			s += far(v[0]) + far(v[1]) + (far(v[2]) + far(v[3]))
		}
		dst[i] = s
	}
}

// AppendState implements ta.State.
func (d *MeanDeviation) AppendState(b []byte) []byte {
	return appendStates(b, d.steps, d.mean, &d.window)
}

// Restore implements ta.State.
func (d *MeanDeviation) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, d.steps, d.mean, &d.window)
}

// Settle makes deviations 0 that are Flat beside the mean, which is so far from
// x: what is left of them is rounding.
func Settle(deviation, x, mean []float64) {
	for i, m := range mean {
		if !(deviation[i] > Flat*math.Abs(x[i]+m)) {
			deviation[i] = 0
		}
	}
}
