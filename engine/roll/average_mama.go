package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// mama is Ehlers's MESA adaptive moving average and its follower, fama ("MESA
// Adaptive Moving Averages", Stocks & Commodities, 2001): an exponential
// average whose weight falls as the phase of the dominant cycle turns faster.
//
// The phase is found by a Hilbert transform: prices are smoothed over 4 bars,
// and filters of 7 taps give the in-phase and quadrature parts of the cycle,
// tuned by the period that was measured a bar ago. As in TA-Lib the filters
// start from nothing at bar 12, and the averages from zero.
type mama struct {
	fast, slow float64 // the largest and the smallest weight
	seen       int     // bars so far, at most mamaLead
	s          mamaState
}

const (
	mamaLead  = 32
	mamaStart = 12 // bars before the filters are fed
)

// mamaState is all that mama remembers, newest values first.
type mamaState struct {
	price      [4]float64
	smooth     [7]float64
	detrend    [10]float64
	quadrature [7]float64

	phase, period  float64
	i2, q2, re, im float64
	mama, fama     float64
}

func newMama(fast, slow float64) mama { return mama{fast: fast, slow: slow} }

// hilbert turns the newest seven values of a series by a quarter of a cycle;
// tuning corrects its gain for the period.
func hilbert(x []float64, tuning float64) float64 {
	return float64(math.FMA(0.0962, x[0]-x[6], float64(0.5769*(x[2]-x[4]))) * tuning)
}

// blend is w parts of x and the rest of y.
func blend(w, x, y float64) float64 { return math.FMA(w, x, float64((1-w)*y)) }

// shift puts v in front of the values.
func shift(values []float64, v float64) {
	copy(values[1:], values)
	values[0] = v
}

// next takes one more bar. The results mean something from mamaLead on.
func (m *mama) next(x float64) (float64, float64) {
	s := &m.s
	shift(s.price[:], x)
	if m.seen < mamaStart {
		m.seen++
		return nan, nan
	}
	m.seen = min(m.seen+1, mamaLead+1)

	p := &s.price
	shift(s.smooth[:], math.FMA(4, p[0], math.FMA(3, p[1], math.FMA(2, p[2], p[3])))/10)
	tuning := math.FMA(0.075, s.period, 0.54)
	shift(s.detrend[:], hilbert(s.smooth[:], tuning))
	shift(s.quadrature[:], hilbert(s.detrend[:], tuning))
	inPhase, quadrature := s.detrend[3], s.quadrature[0]

	// The phasor, turned on by a quarter so that its period can be taken.
	q2 := blend(0.2, quadrature+hilbert(s.detrend[3:], tuning), s.q2)
	i2 := blend(0.2, inPhase-hilbert(s.quadrature[:], tuning), s.i2)

	phase := 0.0
	if inPhase != 0 {
		phase = float64(arctan(quadrature/inPhase) * (180 / math.Pi))
	}
	turn := max(s.phase-phase, 1)
	s.phase = phase
	weight := max(m.fast/turn, m.slow)
	if turn == 1 {
		weight = m.fast // even where it is below the slow limit
	}
	s.mama = blend(weight, x, s.mama)
	s.fama = blend(weight/2, s.mama, s.fama)

	s.re = blend(0.2, math.FMA(i2, s.i2, float64(q2*s.q2)), s.re)
	s.im = blend(0.2, math.FMA(i2, s.q2, -float64(q2*s.i2)), s.im)
	s.i2, s.q2 = i2, q2
	period := s.period
	if s.im != 0 && s.re != 0 {
		period = 2 * math.Pi / arctan(s.im/s.re)
	}
	// Ehlers lets it change by half up and a third down, between 6 and 50 bars.
	period = max(min(period, 1.5*s.period), 0.67*s.period)
	s.period = blend(0.2, max(min(period, 50), 6), s.period)
	return s.mama, s.fama
}

// Next sets mama and fama to the averages.
func (m *mama) Next(x, mama, fama []float64) int {
	lead := min(max(mamaLead-m.seen, 0), len(x))
	for i, v := range x {
		mama[i], fama[i] = m.next(v)
	}
	Blank(lead, mama, fama)
	return lead
}

// AppendState implements ta.State.
func (m *mama) AppendState(b []byte) []byte {
	s := &m.s
	b = ta.AppendFloats(b, float64(m.seen), s.phase, s.period, s.i2, s.q2, s.re, s.im, s.mama, s.fama)
	for _, past := range s.past() {
		b = ta.AppendFloats(b, past...)
	}
	return b
}

// Restore implements ta.State.
func (m *mama) Restore(state []byte) ([]byte, error) {
	var v [9]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= mamaLead+1) {
		return nil, ta.ErrState
	}
	m.seen = int(v[0])
	s := &m.s
	s.phase, s.period, s.i2, s.q2, s.re, s.im, s.mama, s.fama = v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]
	for _, past := range s.past() {
		if rest, err = ta.RestoreFloats(rest, past); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

func (s *mamaState) past() [][]float64 {
	return [][]float64{s.price[:], s.smooth[:], s.detrend[:], s.quadrature[:]}
}

// Mama is MESA's adaptive average and its follower.
type Mama struct{ mama }

// NewMama has weights between the two limits.
func NewMama(fast, slow float64) *Mama { return &Mama{newMama(fast, slow)} }

// MamaLead is how many values a Mama has no result for.
const MamaLead = mamaLead

// adaptive is mama without its follower.
type adaptive struct {
	mama
	fama [ta.Tile]float64
}

func (a *adaptive) Next(x, out []float64) int { return a.mama.Next(x, out, a.fama[:len(x)]) }
