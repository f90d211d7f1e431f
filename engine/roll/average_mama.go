package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Mama is Ehlers's MESA adaptive moving average and its follower, fama ("MESA
// Adaptive Moving Averages", Stocks & Commodities, 2001): an exponential
// average whose weight falls as the phase of the dominant cycle turns faster. As
// in TA-Lib both start from zero, with the filters.
type Mama struct {
	fast, slow float64 // the largest and the smallest weight
	cycle      *Hilbert
	begin      count
	phase      float64
	mama, fama float64
	lead       count
	parts      [3][ta.Tile]float64
}

// NewMama has weights between the two limits.
func NewMama(fast, slow float64) *Mama {
	return &Mama{fast: fast, slow: slow, cycle: NewHilbert(CycleStart), begin: count{CycleStart}, lead: count{CycleLead}}
}

// Next sets mama and fama to the averages.
func (a *Mama) Next(x, mama, fama []float64) int {
	m := len(x)
	inPhase, quadrature := a.parts[0][:m], a.parts[1][:m]
	a.cycle.Next(x, inPhase, quadrature, a.parts[2][:m])
	for i := a.begin.lead(m); i < m; i++ {
		phase := 0.0
		if inPhase[i] != 0 {
			phase = float64(Atan(quadrature[i]/inPhase[i]) * (180 / math.Pi))
		}
		turn := max(a.phase-phase, 1)
		a.phase = phase
		weight := max(a.fast/turn, a.slow)
		if turn == 1 {
			weight = a.fast // even where it is below the slow limit
		}
		a.mama = blend(weight, x[i], a.mama)
		a.fama = blend(weight/2, a.mama, a.fama)
		mama[i], fama[i] = a.mama, a.fama
	}
	lead := a.lead.lead(m)
	Blank(lead, mama, fama)
	return lead
}

// blend is w parts of x and the rest of y.
func blend(w, x, y float64) float64 { return math.FMA(w, x, float64((1-w)*y)) }

// AppendState implements ta.State.
func (a *Mama) AppendState(b []byte) []byte {
	b = appendStates(b, a.cycle, &a.begin, &a.lead)
	return ta.AppendFloats(b, a.phase, a.mama, a.fama)
}

// Restore implements ta.State.
func (a *Mama) Restore(state []byte) ([]byte, error) {
	rest, err := restoreStates(state, a.cycle, &a.begin, &a.lead)
	var v [3]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, v[:])
	}
	a.phase, a.mama, a.fama = v[0], v[1], v[2]
	return rest, err
}

// adaptive is mama without its follower.
type adaptive struct {
	*Mama
	fama [ta.Tile]float64
}

func (a *adaptive) Next(x, out []float64) int { return a.Mama.Next(x, out, a.fama[:len(x)]) }
