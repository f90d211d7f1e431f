package roll

import "math"

// Tick is Next for one value.
func (l *Lag) Tick(x float64) float64 {
	l.put(x)
	return l.at(l.n)
}

// Tick is Next for one value.
func (s *Steps) Tick(x float64) float64 {
	d := x - s.value
	s.value = x
	return d
}

// Tick is Next for one bar.
func (s *Pressure) Tick(high, low, close float64) (bought, span float64) {
	before := s.value
	s.value = close
	bottom := pick(low < before, low, before)
	return close - bottom, pick(high > before, high, before) - bottom
}

// Tick is Next for one bar: plus and minus.
func (s *Direction) Tick(high, low float64) Two {
	up, down := high-s.high.value, s.low.value-low
	s.high.value, s.low.value = high, low
	return twoOf(pick(up > gain(down), up, 0), pick(down > gain(up), down, 0))
}

// Ready implements ta.Ticker.
func (s *Direction) Ready() bool { return s.high.Ready() }

// Single implements ta.Ticker.
func (s *Direction) Single() {}

// Columns implements ta.Ticker.
func (s *Direction) Columns() {}

// Tick is Next for one bar.
func (s *Flow) Tick(price, volume float64) (in, out float64) {
	d, still, money := price-s.value, Flat*(math.Abs(price)+math.Abs(s.value)), price*volume
	s.value = price
	return pick(d > still, money, 0), pick(0-d > still, money, 0)
}

// Tick is Next for one bar.
func (s *Signed) Tick(x, volume float64) float64 {
	before := s.before
	s.before = x
	return pick(x > before, volume, 0) - pick(x < before, volume, 0)
}

// Ready implements ta.Ticker.
func (s *Signed) Ready() bool { return true }

// Single implements ta.Ticker.
func (s *Signed) Single() {}

// Columns implements ta.Ticker.
func (s *Signed) Columns() {}

// Ready implements ta.Ticker.
func (p *Parabolic) Ready() bool { return p.seen == 2 }

// Single implements ta.Ticker.
func (p *Parabolic) Single() {}

// Columns implements ta.Ticker.
func (p *Parabolic) Columns() {}

// Tick is Next for one bar.
func (p *Parabolic) Tick(high, low float64) float64 { return p.next(high, low) }

// Ready implements ta.Ticker.
func (t *Trail) Ready() bool { return true }

// Single implements ta.Ticker.
func (t *Trail) Single() {}

// Columns implements ta.Ticker.
func (t *Trail) Columns() {}

// Tick is Next for one bar.
func (t *Trail) Tick(upper, lower, close float64) (stop, trend float64) {
	t.next(upper, lower, close)
	return pick(t.trend < 0, t.upper, t.lower), t.trend
}

// Ready implements ta.Ticker.
func (t *Total) Ready() bool { return true }

// Single implements ta.Ticker.
func (t *Total) Single() {}

// Columns implements ta.Ticker.
func (t *Total) Columns() {}

// Tick is Next for one value.
func (t *Total) Tick(x float64) float64 {
	s := t.sum + x
	added := s - t.sum
	t.lost += (t.sum - (s - added)) + (x - added)
	t.sum = s
	return s + t.lost
}
