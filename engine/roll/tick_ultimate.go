package roll

// Ready implements ta.Ticker.
func (s *Sums) Ready() bool { return s.ladder.Ready() }

// Single implements ta.Ticker.
func (s *Sums) Single() {
	if s.sums == nil {
		for _, w := range s.windows {
			s.sides = append(s.sides, s.window(w))
		}
	}
	s.take(&s.ladder)
}

// Columns implements ta.Ticker.
func (s *Sums) Columns() {
	s.give(&s.ladder)
	for k := lanes - 1; k >= 0; k-- {
		s.two.put(s.of(k)[1])
		s.four.put(s.of(k)[2])
	}
}

// Tick takes a value; UltimateOf reads the sums.
func (s *Sums) Tick(x float64) {
	s.put(x)
	if len(s.rungs) > 1 {
		s.climb(&s.ladder)
	}
}

// UltimateOf is Ultimate of one bar.
func UltimateOf(bought, ranges *Sums) float64 {
	s, weight := 0.0, 4.0
	for k := range bought.sides {
		b, r := &bought.sides[k], &ranges.sides[k]
		if span := r.add(ranges.sum(r)); span != 0 {
			s += float64(weight * (b.add(bought.sum(b)) / span))
		}
		weight /= 2
	}
	return s * (100.0 / 7)
}

// Ready implements ta.Ticker.
func (d *Doubled) Ready() bool { return d.count.Ready() && d.sum.Ready() }

// Single implements ta.Ticker.
func (d *Doubled) Single() { d.sum.Single() }

// Columns implements ta.Ticker.
func (d *Doubled) Columns() { d.sum.Columns() }

// Tick takes a value; UltimateDoubledOf reads the sums.
func (d *Doubled) Tick(x float64) { d.past.put(d.sum.Tick(x)) }

// UltimateDoubledOf is UltimateDoubled of one bar.
func UltimateDoubledOf(bought, ranges *Doubled) float64 {
	var b, r [4]float64
	for k := range b {
		b[k], r[k] = bought.past.at(k*bought.n), ranges.past.at(k*ranges.n)
	}
	return ultimateOf(b, r)
}
