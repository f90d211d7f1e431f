package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Ready implements ta.Ticker.
func (s *Strength) Ready() bool { return paired() && s.gain.runs() }

// Single implements ta.Ticker.
func (s *Strength) Single() { s.both.take(&s.gain, &s.way) }

// Columns implements ta.Ticker.
func (s *Strength) Columns() { s.both.give(&s.gain, &s.way) }

// ownTick implements own.
func (s *Strength) ownTick() ta.Tick {
	return func(x, _, _, _ float64) (share, _, _ float64) {
		if ta.Hole(x) {
			return ta.NoValues()
		}
		d := s.step(x)
		return PercentOf(Lanes(s.both.next(twice(d).Max(twoOf(0, -d))))), 0, 0
	}
}
