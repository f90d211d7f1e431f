package roll

import "math"

// Sum is the sum of the last n values, or their mean.
type Sum struct {
	ladder
	divisor float64
	parts   [][]float64
}

// NewSum sums n values, 1 or more.
func NewSum(n int) *Sum { return newSum(n, 1) }

// NewMean averages n values, 1 or more.
func NewMean(n int) *Sum { return newSum(n, float64(n)) }

func newSum(n int, divisor float64) *Sum {
	return &Sum{ladder: newLadder(n, foot, 1), divisor: divisor}
}

// Next sets out to the sums, or the means.
func (s *Sum) Next(x, out []float64) int {
	m := len(x)
	addFoot(s.x.push(x), out, s.room(foot, 0, m), s.rest())
	for j := foot + 1; j <= s.top(); j++ {
		Add(s.room(j, 0, m), s.past(j-1, 0, m, 1<<(j-1)), s.past(j-1, 0, m, 0))
	}
	s.parts = s.parts[:0]
	if s.rest() > 0 {
		s.parts = append(s.parts, out)
	}
	for j := foot; j <= s.top(); j++ {
		if h := 1 << j; s.n&h != 0 {
			s.parts = append(s.parts, s.past(j, 0, m, s.n&(h-1)))
		}
	}
	gather(out, s.parts, s.divisor)
	lead := s.lead(m)
	Blank(lead, out)
	return lead
}

// addFoot sets eight to the sums of so many values, unless it is empty, and rest
// to those of the newest r, below 8. x has the footing before the first of them.
func addFoot(x, rest, eight []float64, r int) {
	for i := addFootWide(x, rest, eight, r); i < len(rest); i++ {
		w := x[i : i+8 : i+8]
		pair, before := w[6]+w[7], w[2]+w[3]
		four := w[4] + w[5] + pair
		if len(eight) > 0 {
			eight[i] = w[0] + w[1] + before + four
		}
		t := 0.0
		if r&4 != 0 {
			t = four
			pair = before
		}
		if r&2 != 0 {
			t += pair
		}
		if r&1 != 0 {
			t += w[7-r&6]
		}
		if r > 0 {
			rest[i] = t
		}
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
