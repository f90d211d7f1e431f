package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Hilbert measures the dominant cycle of a series (J. F. Ehlers, Rocket Science
// for Traders, 2001). Values are smoothed over 4 bars, and filters of 7 taps, a
// short Hilbert transform, give the in-phase and quadrature parts of the cycle,
// tuned by the period that was measured a bar ago. How far this phasor turns in a
// bar gives the period, which is kept between 6 and 50 bars.
//
// As in TA-Lib the filters start from nothing at a given bar; what comes before
// is 0.
type Hilbert struct {
	count               // bars before the filters are fed
	price, smooth       track
	detrend, quadrature track
	cycle               phasor
	turned              [ta.Tile]float64
}

// phasor is what turns: smoothed parts and the period that is measured with them.
type phasor struct{ period, i2, q2, re, im float64 }

// NewHilbert feeds the filters from bar wait on.
func NewHilbert(wait int) *Hilbert {
	return &Hilbert{
		count: count{wait},
		price: newTrack(3), smooth: newTrack(longestCycle + lanes),
		detrend: newTrack(9), quadrature: newTrack(6),
	}
}

// longestCycle is the longest period that is measured, in bars.
const longestCycle = 50

// Next sets inPhase and quadrature to the parts of the cycle and period to its
// length in bars, smoothed once.
func (h *Hilbert) Next(x, inPhase, quadrature, period []float64) {
	m := len(x)
	s := h.smooth.window(m)
	s4 := s[h.smooth.n:]
	smooth4(s4, h.price.push(x))
	early := h.lead(m)
	clear(s4[:early])
	near := s[h.smooth.n-6:]
	quarter(h.turned[:m], near)
	d, q := h.detrend.window(m), h.quadrature.window(m)
	p := &h.cycle
	for i, f := range h.turned[:m] {
		dw, qw := d[i:i+10:i+10], q[i:i+7:i+7]
		if i < early {
			dw[9], qw[6], period[i] = 0, 0, 0
			continue
		}
		tuning := math.FMA(0.075, p.period, 0.54)
		dw[9] = float64(f * tuning)
		ahead := quarterTurn(dw[0], dw[2], dw[4], dw[6])
		qw[6] = float64(quarterTurn(dw[3], dw[5], dw[7], dw[9]) * tuning)
		p.turn(dw[6]-float64(quarterTurn(qw[0], qw[2], qw[4], qw[6])*tuning), qw[6]+float64(ahead*tuning))
		period[i] = p.period
	}
	copy(inPhase, d[6:])
	copy(quadrature, q[6:])
}

// quarterTurn turns the phase of a series by a quarter of a cycle: a filter over
// values 6, 4, 2 and 0 bars ago.
func quarterTurn(x6, x4, x2, x0 float64) float64 {
	return math.FMA(0.0962, x0-x6, float64(0.5769*(x2-x4)))
}

// quarter sets dst to the turned values of x, which has six before the first.
func quarter(dst, x []float64) {
	for i := quarterWide(dst, x); i < len(dst); i++ {
		w := x[i : i+7 : i+7]
		dst[i] = quarterTurn(w[0], w[2], w[4], w[6])
	}
}

// smooth4 sets dst to the weighted average over 4 values of x, which has three
// before the first.
func smooth4(dst, x []float64) {
	for i := smooth4Wide(dst, x); i < len(dst); i++ {
		w := x[i : i+4 : i+4]
		dst[i] = math.FMA(4, w[3], math.FMA(3, w[2], math.FMA(2, w[1], w[0]))) / 10
	}
}

// blend is w parts of x and the rest of y.
func blend(w, x, y float64) float64 { return math.FMA(w, x, float64((1-w)*y)) }

// turn takes the parts of the next bar, turned on by a quarter so that their
// period can be taken.
func (p *phasor) turn(inPhase, quadrature float64) {
	q2, i2 := blend(0.2, quadrature, p.q2), blend(0.2, inPhase, p.i2)
	p.re = blend(0.2, math.FMA(i2, p.i2, float64(q2*p.q2)), p.re)
	p.im = blend(0.2, math.FMA(i2, p.q2, -float64(q2*p.i2)), p.im)
	p.i2, p.q2 = i2, q2
	period := p.period
	if p.im != 0 && p.re != 0 {
		period = 2 * math.Pi / arctan(p.im/p.re)
	}
	// Ehlers lets it change by half up and a third down.
	period = max(min(period, 1.5*p.period), 0.67*p.period)
	p.period = blend(0.2, max(min(period, longestCycle), 6), p.period)
}

// AppendState implements ta.State.
func (h *Hilbert) AppendState(b []byte) []byte {
	p := &h.cycle
	b = appendStates(b, &h.count, &h.price, &h.smooth, &h.detrend, &h.quadrature)
	return ta.AppendFloats(b, p.period, p.i2, p.q2, p.re, p.im)
}

// Restore implements ta.State.
func (h *Hilbert) Restore(state []byte) ([]byte, error) {
	rest, err := restoreStates(state, &h.count, &h.price, &h.smooth, &h.detrend, &h.quadrature)
	var v [5]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, v[:])
	}
	h.cycle = phasor{v[0], v[1], v[2], v[3], v[4]}
	return rest, err
}
