package roll

import (
	"math"
	"sync"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Phase is where in its dominant cycle a series is, in degrees: the angle of the
// component of a Fourier transform over the last cycle of smoothed values that
// fits into it once.
type Phase struct {
	*Cycle
	angle float64
}

// NewPhase has results from TrendLead on.
func NewPhase() *Phase { return &Phase{Cycle: NewCycle(TrendLead)} }

// Next sets period to the cycle's smoothed periods and angle to the phases.
func (p *Phase) Next(x, period, angle []float64) {
	p.Cycle.Next(x, period)
	level, behind := p.hilbert.smoothed(len(x))
	all := waves()
	for i, length := range period {
		if length == 0 { // nothing is measured yet
			angle[i] = 0
			continue
		}
		sum := all[wholeBars(length)].component(level[:i+1+longestCycle+lanes], behind[:i+1+longestCycle+lanes])
		p.angle = phaseOf(sum, p.angle, length)
		angle[i] = p.angle
	}
}

// phaseOf is the phase of a component of so many bars, from −45 to 315 degrees.
func phaseOf(sum [2]float64, before, length float64) float64 {
	angle := direction(sum[0], sum[1], before) + 360/length // the smoothing lags by a bar
	if sum[1] < 0 {
		angle += 180
	}
	if angle > 315 {
		angle -= 360
	}
	return angle
}

// direction is the angle of a component, from 0 to 180 degrees; where it has no
// cosine, it is counted from the angle before.
func direction(sine, cosine, before float64) float64 {
	switch {
	case cosine != 0:
		return float64(Atan(sine/cosine)*(180/math.Pi)) + 90
	case sine < 0:
		return before
	case sine > 0:
		return before + 180
	}
	return before + 90
}

// AppendState implements ta.State.
func (p *Phase) AppendState(b []byte) []byte { return ta.AppendFloats(p.Cycle.AppendState(b), p.angle) }

// Restore implements ta.State.
func (p *Phase) Restore(state []byte) ([]byte, error) {
	rest, err := p.Cycle.Restore(state)
	if err != nil {
		return nil, err
	}
	var v [1]float64
	rest, err = ta.RestoreFloats(rest, v[:])
	p.angle = v[0]
	return rest, err
}

// wave is one cycle of a sine and of a cosine, backwards in time from the last
// value. Zeros before them fill whole vectors.
type wave struct{ sine, cosine []float64 }

// waves are those of every length up to longestCycle.
var waves = sync.OnceValue(func() (all [longestCycle + 1]wave) {
	for n := range all {
		m := (n + lanes - 1) &^ (lanes - 1)
		w := wave{make([]float64, m), make([]float64, m)}
		for k := range n {
			degrees := 360 * float64(k) / float64(n)
			w.sine[m-1-k], w.cosine[m-1-k] = Sine(degrees), Sine(degrees+90)
		}
		all[n] = w
	}
	return all
})

// component adds up the newest values times the sine, and times the cosine: every
// fourth value in one of four sums. A value is its level without what it is behind
// that. A whole cycle of either adds up to nothing, so how far the values are from
// the newest is enough, and their level spoils no digits.
func (w *wave) component(level, behind []float64) (sum [2]float64) {
	level, behind = level[len(level)-len(w.sine):], behind[len(behind)-len(w.sine):]
	if w.componentWide(level, behind, &sum) {
		return sum
	}
	last := len(level) - 1
	for k, c := range [2][]float64{w.sine, w.cosine} {
		var s [lanes]float64
		for i, v := range level {
			s[i%lanes] = math.FMA(v-level[last]-(behind[i]-behind[last]), c[i], s[i%lanes])
		}
		sum[k] = s[0] + s[1] + (s[2] + s[3])
	}
	return sum
}
