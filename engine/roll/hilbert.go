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
//
// A smoothed price is kept as the price and how far behind it the smoothed one is,
// and the first filter is fed with differences of prices, which are exact, and
// smoothed after it: a cycle is often a thousandth of the price, and rounding a
// smoothed price would take three digits of it.
type Hilbert struct {
	count                     // bars before the filters are fed
	filled              count // and before the first of them is full
	price               track
	level, behind       track // of the smoothed prices
	detrend, quadrature track
	cycle               phasor
	turns               [3 + ta.Tile]float64
	turned              [ta.Tile]float64
	room                doubled // for the wide body
}

// NewHilbert feeds the filters from bar wait on.
func NewHilbert(wait int) *Hilbert {
	return &Hilbert{
		count: count{wait}, filled: count{wait + 6},
		price: newTrack(9), level: newTrack(longestCycle + lanes), behind: newTrack(longestCycle + lanes),
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
	price := h.price.push(x)
	level, behind := h.level.push(x), h.behind.window(m)
	lag4(behind[h.behind.n:], price[6:])
	early := h.lead(m)
	clear(level[h.level.n:][:early])
	clear(behind[h.behind.n:][:early])
	quarter(h.turns[:3+m], price)
	smooth4(h.turned[:m], h.turns[:3+m])
	filled := h.filled.lead(m)
	for i := early; i < filled; i++ {
		s := func(back int) float64 { j := h.level.n + i - back; return level[j] - behind[j] }
		h.turned[i] = quarterTurn(s(6), s(4), s(2), s(0))
	}
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

// smooth4 sets dst to the weighted average over 4 values of x, which has three
// before the first.
func smooth4(dst, x []float64) {
	for i := smooth4Wide(dst, x); i < len(dst); i++ {
		w := x[i : i+4 : i+4]
		dst[i] = math.FMA(4, w[3], math.FMA(3, w[2], math.FMA(2, w[1], w[0]))) / 10
	}
}

// lag4 sets dst to how far the weighted average over 4 values of x, which has
// three before the first, is behind the newest of them.
func lag4(dst, x []float64) {
	for i := lag4Wide(dst, x); i < len(dst); i++ {
		w := x[i : i+4 : i+4]
		dst[i] = math.FMA(3, w[3]-w[2], math.FMA(2, w[3]-w[1], w[3]-w[0])) / 10
	}
}

// AppendState implements ta.State.
func (h *Hilbert) AppendState(b []byte) []byte {
	p := &h.cycle
	b = appendStates(b, &h.count, &h.filled, &h.price, &h.level, &h.behind, &h.detrend, &h.quadrature)
	return ta.AppendFloats(b, p.period, p.tuning, p.now[0], p.now[1], p.turned[0], p.turned[1])
}

// Restore implements ta.State.
func (h *Hilbert) Restore(state []byte) ([]byte, error) {
	rest, err := restoreStates(state, &h.count, &h.filled, &h.price, &h.level, &h.behind, &h.detrend, &h.quadrature)
	var v [6]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, v[:])
	}
	h.cycle = phasor{v[0], v[1], [2]float64{v[2], v[3]}, [2]float64{v[4], v[5]}}
	return rest, err
}

// smoothed is the newest m smoothed prices and the longestCycle + lanes before
// them: the price of each, and how far it is behind that.
func (h *Hilbert) smoothed(m int) (level, behind []float64) {
	return h.level.past(h.level.n+m, 0), h.behind.past(h.behind.n+m, 0)
}
