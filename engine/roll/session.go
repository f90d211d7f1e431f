package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// sessions tells bars of one session from those of the next. A session is a day
// that begins some seconds after midnight, UTC; it need not have bars.
type sessions struct {
	begin float64 // seconds after midnight
	day   float64 // of the newest bar, NaN before the first
}

func newSessions(minutes int) sessions { return sessions{begin: float64(minutes * 60), day: nan} }

// next takes the time of a bar, in Unix seconds, and says whether the bar is of
// another session than the one before it; the first one is.
func (s *sessions) next(time float64) bool {
	day := math.Floor((time - s.begin) / (24 * 60 * 60))
	same := day == s.day
	s.day = day
	return !same
}

// AppendState implements ta.State.
func (s *sessions) AppendState(b []byte) []byte { return ta.AppendFloats(b, s.day) }

// Restore implements ta.State.
func (s *sessions) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := ta.RestoreFloats(state, v[:])
	s.day = v[0]
	return rest, err
}

// PreviousSession has the highest, the lowest and the last price of the session
// before that of each bar, NaN in the first session.
type PreviousSession struct {
	sessions
	before, now [3]float64 // high, low, close
}

// NewPreviousSession is of days that begin so many minutes after midnight, UTC.
func NewPreviousSession(minutes int) *PreviousSession {
	none := [3]float64{nan, nan, nan}
	return &PreviousSession{newSessions(minutes), none, none}
}

// Next sets out to the high, low and close of the sessions before.
func (p *PreviousSession) Next(high, low, close, time []float64, out [][]float64) {
	for i, t := range time {
		if p.sessions.next(t) {
			p.before, p.now = p.now, [3]float64{high[i], low[i]}
		}
		p.now = [3]float64{larger(high[i], p.now[0]), smaller(low[i], p.now[1]), close[i]}
		for k, v := range p.before {
			out[k][i] = v
		}
	}
}

// AppendState implements ta.State.
func (p *PreviousSession) AppendState(b []byte) []byte {
	return ta.AppendFloats(ta.AppendFloats(p.sessions.AppendState(b), p.before[:]...), p.now[:]...)
}

// Restore implements ta.State.
func (p *PreviousSession) Restore(state []byte) ([]byte, error) {
	rest, err := p.sessions.Restore(state)
	if err == nil {
		rest, err = ta.RestoreFloats(rest, p.before[:])
	}
	if err == nil {
		rest, err = ta.RestoreFloats(rest, p.now[:])
	}
	return rest, err
}
