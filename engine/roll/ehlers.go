package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Ehlers is the dominant cycle as its inventor has it (J. F. Ehlers, Rocket Science
// for Traders, 2001), where Cycle and Phase are as TA-Lib has it: the filters are
// fed from his sixth bar on, and a component without a cosine has a phase of its
// own, which does not depend on the one before.
type Ehlers struct {
	*Cycle
	angle float64 // of the phasor
	room  [ta.Tile]float64
}

// ehlersStart is how many bars come before the filters are fed.
const ehlersStart = 5

// NewEhlers has results from the first bar on; those before CycleLead, or
// TrendLead for phases, are of filters that have only begun.
func NewEhlers() *Ehlers { return &Ehlers{Cycle: newCycle(ehlersStart)} }

// Periods sets period to the cycle's lengths in bars, smoothed once, and smooth to
// these smoothed once more.
func (e *Ehlers) Periods(x, period, smooth []float64) {
	e.Cycle.Next(x, smooth)
	copy(period, e.parts[2][:len(x)])
}

// Phases sets phase to where in the cycle the smoothed values are, in degrees from
// −45 to 315, and angle to that of the phasor, from 0 to 360.
func (e *Ehlers) Phases(x, phase, angle []float64) {
	m := len(x)
	period := e.room[:m]
	e.Cycle.Next(x, period)
	level, behind := e.hilbert.smoothed(m)
	all := waves()
	for i, length := range period {
		e.angle = turned(e.parts[0][i], e.parts[1][i], e.angle)
		phase[i], angle[i] = 0, e.angle
		if length == 0 { // nothing is measured yet
			continue
		}
		phase[i] = phaseOf(all[wholeBars(length)].component(level[:i+1+longestCycle+lanes], behind[:i+1+longestCycle+lanes]), 0, length)
	}
}

// turned is the angle of a phasor in degrees, that before where it has none.
func turned(inPhase, quadrature, before float64) float64 {
	angle := 90.0
	switch {
	case inPhase != 0:
		angle = float64(Atan(math.Abs(quadrature/inPhase)) * (180 / math.Pi))
	case quadrature == 0:
		return before
	}
	switch {
	case inPhase < 0 && quadrature >= 0:
		return 180 - angle
	case inPhase < 0:
		return 180 + angle
	case quadrature < 0:
		return 360 - angle
	}
	return angle
}

// AppendState implements ta.State.
func (e *Ehlers) AppendState(b []byte) []byte {
	return ta.AppendFloats(e.Cycle.AppendState(b), e.angle)
}

// Restore implements ta.State.
func (e *Ehlers) Restore(state []byte) ([]byte, error) {
	rest, err := e.Cycle.Restore(state)
	if err != nil {
		return nil, err
	}
	var v [1]float64
	rest, err = ta.RestoreFloats(rest, v[:])
	e.angle = v[0]
	return rest, err
}
