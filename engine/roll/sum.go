package roll

import "math"

// Sum is the sum of the last n values, or their mean.
type Sum struct {
	ladder
	divisor float64
	parts   [][]float64

	row      // for Tick, as whole and quotient
	whole    window
	quotient quotient
}

// NewSum sums n values, 1 or more.
func NewSum(n int) *Sum { return newSum(n, 1) }

// NewMean averages n values, 1 or more.
func NewMean(n int) *Sum { return newSum(n, float64(n)) }

func newSum(n int, divisor float64) *Sum { return &Sum{ladder: newLadder(n, 1), divisor: divisor} }

// Next sets out to the sums, or the means.
func (s *Sum) Next(x, out []float64) int {
	s.begin(x, out)
	return s.finish(out)
}

// Watch is Next for values that may have holes: it returns false, with s as it was,
// where it met one, or cannot tell.
func (s *Sum) Watch(x, out []float64) bool {
	end := s.x.end
	if sum := s.begin(x, out); sum-sum != 0 {
		s.undo(end, len(x))
		return false
	}
	s.finish(out)
	return true
}

// begin makes the foot and returns a sum of all values: no number where one is none.
func (s *Sum) begin(x, out []float64) (sum float64) {
	m := len(x)
	eight := s.room(1, 0, m)
	for from := 0; from < m; {
		w, to := s.x.over(x, from)
		if len(s.plan) == 0 {
			sum += addFew(w, out[from:to], s.n, s.divisor)
		} else {
			sum += addFoot(w, out[from:to], eight[from:to], s.rest)
		}
		from = to
	}
	return sum
}

// finish goes on from the foot.
func (s *Sum) finish(out []float64) int {
	m := len(out)
	if len(s.plan) > 0 {
		s.addUp(m)
		s.parts = s.parts[:0]
		if s.rest > 0 {
			s.parts = append(s.parts, out)
		}
		for _, p := range s.plan {
			s.parts = append(s.parts, s.past(p.rung, 0, m, p.back))
		}
		gather(out, s.parts, s.divisor)
	}
	lead := s.lead(m)
	Blank(lead, out)
	return lead
}

// addFew sets out to the sums of n values, 1 to 7, divided by d as Divide
// divides, and returns the sum of the sums. x has the footing before the first of
// them.
func addFew(x, out []float64, n int, d float64) float64 {
	inv := 1 / d
	i, sum := addFewWide(x, out, n, d, inv)
	for ; i < len(out); i++ {
		s := addRest(x[i:i+8:i+8], n)
		sum += s
		q := s * inv
		out[i] = math.FMA(math.FMA(-q, d, s), inv, q)
	}
	return sum
}

// addRest is the sum of the newest r of eight values, 1 to 7: of four, of two
// and of one, as many as there are.
func addRest(w []float64, r int) float64 {
	t := w[6] + w[7]
	switch r & 6 {
	case 0:
		return w[7]
	case 4:
		t = w[4] + w[5] + t
	case 6:
		t = w[4] + w[5] + t + (w[2] + w[3])
	}
	if r&1 != 0 {
		t += w[7-r&6]
	}
	return t
}

// addFoot sets eight to the sums of so many values, and rest to those of the
// newest r, 0 to 7, unless that is 0, and returns a sum with every value in it. x
// has the footing before the first of them.
func addFoot(x, rest, eight []float64, r int) float64 {
	i, sum := addFootWide(x, rest, eight, r)
	for ; i < len(rest); i++ {
		w := x[i : i+8 : i+8]
		eight[i] = w[0] + w[1] + (w[2] + w[3]) + (w[4] + w[5] + (w[6] + w[7]))
		sum += eight[i]
		if r > 0 {
			rest[i] = addRest(w, r)
		}
	}
	return sum
}

// addUp makes the rungs above the first for m new values, of a ladder of sums.
func (l *ladder) addUp(m int) {
	for k := 2; k <= len(l.rungs); k++ {
		below := l.below(k, 0, m)
		addEight(l.room(k, 0, m), &below)
	}
}

// addEight sets dst to the sums of eight columns.
func addEight(dst []float64, o *octet) {
	for i := addEightWide(dst, o); i < len(dst); i++ {
		dst[i] = (o[0][i] + o[1][i] + (o[2][i] + o[3][i])) + (o[4][i] + o[5][i] + (o[6][i] + o[7][i]))
	}
}

// gather sets out to the sum of the parts divided by d, as Divide divides. out
// may be the first part.
func gather(out []float64, parts [][]float64, d float64) {
	inv := 1 / d
	for i := gatherWide(out, parts, d, inv); i < len(out); i++ {
		s := parts[0][i]
		for _, p := range parts[1:] {
			s += p[i]
		}
		q := s * inv
		out[i] = math.FMA(math.FMA(-q, d, s), inv, q)
	}
}
