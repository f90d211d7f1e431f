package roll

// Ready implements ta.Ticker.
func (s *Sums) Ready() bool { return s.ladder.Ready() }

// Single implements ta.Ticker.
func (s *Sums) Single() { s.take(&s.ladder) }

// Columns implements ta.Ticker.
func (s *Sums) Columns() {
	s.give(&s.ladder)
	for k := lanes - 1; k >= 0; k-- {
		at := &s.sums[s.next-1-k]
		s.two.put(at.two)
		s.four.put(at.four)
	}
}

// Tick takes a value; UltimateOf reads the sums.
func (s *Sums) Tick(x float64) {
	s.put(x)
	if len(s.rungs) > 1 {
		s.climb(&s.ladder)
	}
}

// sum is that of a window.
func (s *Sums) sum(window []piece) float64 {
	t, last := 0.0, s.sums[:s.next]
	for i, p := range window {
		at, v := len(last)-1-p.back, 0.0
		switch p.rung {
		case ones:
			v = last[at].one
		case pairs:
			v = last[at].two
		case fours:
			v = last[at].four
		case 1:
			v = last[at].eight
		default:
			v = s.rungs[p.rung-1][0].at(p.back)
		}
		if i == 0 {
			t = v
		} else {
			t += v
		}
	}
	return t
}

// UltimateOf is Ultimate of one bar.
func UltimateOf(bought, ranges *Sums) float64 {
	s, weight := 0.0, 4.0
	for _, w := range bought.windows {
		if r := ranges.sum(w); r != 0 {
			s += float64(weight * (bought.sum(w) / r))
		}
		weight /= 2
	}
	return s * (100.0 / 7)
}

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
