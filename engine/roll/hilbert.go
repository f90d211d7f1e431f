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
	room                doubled // for the wide body
}

// phasor is what is known of the bar before: the period, the phasor turned on by
// a quarter and smoothed, and, smoothed again, its product with the one before
// that, whose angle is how far it turned.
type phasor struct {
	period, tuning float64
	now, turned    [2]float64
}

// NewHilbert feeds the filters from bar wait on.
func NewHilbert(wait int) *Hilbert {
	return &Hilbert{
		count: count{wait},
		price: newTrack(3), smooth: newTrack(longestCycle + lanes),
		detrend: newTrack(9), quadrature: newTrack(6),
		cycle: phasor{tuning: tuningBase},
	}
}

// The periods that are measured, in bars.
const (
	shortestCycle = 6
	longestCycle  = 50
)

// Next sets inPhase and quadrature to the parts of the cycle and period to its
// length in bars, smoothed once.
func (h *Hilbert) Next(x, inPhase, quadrature, period []float64) {
	m := len(x)
	s := h.smooth.window(m)
	s4 := s[h.smooth.n:]
	smooth4(s4, h.price.push(x))
	early := h.lead(m)
	clear(s4[:early])
	quarter(h.turned[:m], s[h.smooth.n-6:])
	d, q := h.detrend.window(m), h.quadrature.window(m)
	clear(d[9 : 9+early])
	clear(q[6 : 6+early])
	clear(period[:early])
	h.cycle.turn(h.turned[early:m], d[early:], q[early:], period[early:], &h.room)
	copy(inPhase, d[6:])
	copy(quadrature, q[6:])
}

// The coefficients of the quarter turn, over values 6, 4, 2 and 0 bars ago:
// ends · (x₀ − x₆) + inner · (x₂ − x₄).
const (
	ends  = 0.0962
	inner = 0.5769
)

// The gain of the filters is tuned to a period: 0.075 · period + 0.54.
const (
	tuningSlope = 0.075
	tuningBase  = 0.54
)

// quarterTurn turns the phase of a series by a quarter of a cycle.
func quarterTurn(x6, x4, x2, x0 float64) float64 {
	return math.FMA(ends, x0-x6, float64(inner*(x2-x4)))
}

// quarter sets dst to the turned values of x, which has six before the first.
func quarter(dst, x []float64) {
	for i := quarterWide(dst, x); i < len(dst); i++ {
		w := x[i : i+7 : i+7]
		dst[i] = quarterTurn(w[0], w[2], w[4], w[6])
	}
}

// turn takes smoothed prices that are turned by a quarter and sets d, which has 9
// values before the first, to these tuned, q, which has 6, to d turned and tuned,
// and period to the periods.
//
// The tuning t, made of the period of the bar before, is what all waits for, so
// what follows from it does so in as few steps as there can be. With
//
//	q = t·(ends·f·t + rest of d's turn)
//
// both parts of the turned phasor are linear in q, and so is what its product
// with the one before has for an angle: b₀ + b₁·t + (a₀ + a₁·t)·q, where a and b
// are made of what was known before.
func (p *phasor) turn(f, d, q, period []float64, room *doubled) {
	i := p.turnWide(f, d, q, period, room)
	for ; i < len(f); i++ {
		dw, qw := d[i:i+10:i+10], q[i:i+7:i+7]
		t := p.tuning
		restD := math.FMA(-ends, dw[3], float64(inner*(dw[7]-dw[5])))
		restQ := math.FMA(-ends, qw[0], float64(inner*(qw[4]-qw[2])))
		ahead := quarterTurn(dw[0], dw[2], dw[4], dw[6])
		dw[9] = float64(f[i] * t)
		qw[6] = float64(math.FMA(float64(ends*f[i]), t, restD) * t)

		// now[0] = 0.2·(d₃ − t·(ends·q + restQ)) + 0.8·before[0]
		// now[1] = 0.2·(q + t·ahead) + 0.8·before[1]
		before := p.now
		kept := [2]float64{math.FMA(0.8, before[0], float64(0.2*dw[6])), float64(0.8 * before[1])}
		tuned := [2]float64{float64(-0.2 * restQ), float64(0.2 * ahead)}
		slope := [2]float64{-0.2 * ends * t, 0.2}
		for k, s := range slope {
			p.now[k] = math.FMA(s, qw[6], math.FMA(tuned[k], t, kept[k]))
		}

		// turned = 0.2·(now·before, as a real and an imaginary part) + 0.8·turned
		across := [2]float64{before[1], -before[0]}
		for k := range p.turned {
			b0 := math.FMA(float64(0.2*kept[0]), before[k], math.FMA(float64(0.2*kept[1]), across[k], float64(0.8*p.turned[k])))
			b1 := math.FMA(float64(0.2*tuned[0]), before[k], float64(float64(0.2*tuned[1])*across[k]))
			a1, a0 := float64(-0.04*ends*before[k]), float64(0.04*across[k])
			p.turned[k] = math.FMA(qw[6], math.FMA(a1, t, a0), math.FMA(b1, t, b0))
		}

		// Ehlers lets the period change by half up and a third down.
		low, high := larger(0.67*p.period, shortestCycle), larger(smaller(1.5*p.period, longestCycle), shortestCycle)
		length := p.period
		if p.turned[0] != 0 && p.turned[1] != 0 {
			length = cycleOf(p.turned[0] / p.turned[1])
		}
		length = larger(smaller(length, high), low)
		p.tuning = math.FMA(tuningSlope*0.2, length, math.FMA(tuningSlope*0.8, p.period, tuningBase))
		p.period = math.FMA(0.2, length, float64(0.8*p.period))
		period[i] = p.period
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

// AppendState implements ta.State.
func (h *Hilbert) AppendState(b []byte) []byte {
	p := &h.cycle
	b = appendStates(b, &h.count, &h.price, &h.smooth, &h.detrend, &h.quadrature)
	return ta.AppendFloats(b, p.period, p.tuning, p.now[0], p.now[1], p.turned[0], p.turned[1])
}

// Restore implements ta.State.
func (h *Hilbert) Restore(state []byte) ([]byte, error) {
	rest, err := restoreStates(state, &h.count, &h.price, &h.smooth, &h.detrend, &h.quadrature)
	var v [6]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, v[:])
	}
	h.cycle = phasor{v[0], v[1], [2]float64{v[2], v[3]}, [2]float64{v[4], v[5]}}
	return rest, err
}
