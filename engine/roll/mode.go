package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Mode says whether a market trends or cycles, by four rules of Ehlers (Rocket
// Science for Traders, 2001): it cycles for half a cycle after its sine and the
// sine of an eighth of a turn later have crossed, and while the phase advances
// about as fast as the period says; otherwise it trends, and so it does wherever
// the price is 1.5 % or more off the trendline.
type Mode struct {
	phase             *Phase
	trend             *Trendline
	begin             count
	sine, lead, angle float64 // of the bar before
	days              float64 // since the last crossing
	lines             [3][ta.Tile]float64
}

// NewMode has results from TrendLead on.
func NewMode() *Mode {
	return &Mode{phase: NewPhase(), trend: NewTrendline(), begin: count{trendStart}}
}

// Next sets out to 1 in a trend, 0 in a cycle.
func (d *Mode) Next(x, out []float64) {
	m := len(x)
	period, angle, trend := d.lines[0][:m], d.lines[1][:m], d.lines[2][:m]
	d.phase.Next(x, period, angle)
	d.trend.Next(x, period, trend)
	level, behind := d.phase.hilbert.level.past(m, 0), d.phase.hilbert.behind.past(m, 0)
	for i := d.begin.lead(m); i < m; i++ {
		out[i] = d.next(period[i], angle[i], trend[i], level[i]-behind[i])
	}
}

func (d *Mode) next(period, angle, trend, price float64) float64 {
	sine, lead, turned := Sine(angle), Sine(angle+45), angle-d.angle
	mode := 1.0
	if sine > lead && d.sine <= d.lead || sine < lead && d.sine >= d.lead {
		d.days, mode = 0, 0
	}
	d.days++
	if d.days < 0.5*period {
		mode = 0
	}
	if whole := 360 / period; turned > 0.67*whole && turned < 1.5*whole {
		mode = 0
	}
	if trend != 0 && math.Abs((price-trend)/trend) >= 0.015 {
		mode = 1
	}
	d.sine, d.lead, d.angle = sine, lead, angle
	return mode
}

// AppendState implements ta.State.
func (d *Mode) AppendState(b []byte) []byte {
	return ta.AppendFloats(appendStates(b, d.phase, d.trend, &d.begin), d.sine, d.lead, d.angle, d.days)
}

// Restore implements ta.State.
func (d *Mode) Restore(state []byte) ([]byte, error) {
	rest, err := restoreStates(state, d.phase, d.trend, &d.begin)
	if err != nil {
		return nil, err
	}
	var v [4]float64
	rest, err = ta.RestoreFloats(rest, v[:])
	d.sine, d.lead, d.angle, d.days = v[0], v[1], v[2], v[3]
	return rest, err
}
