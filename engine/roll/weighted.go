package roll

import "math"

// Weighted is a combination of two sums over the last n values: the plain one,
// and the one with weights 1 to n, the newest weighing most. Weighted averages
// and linear regressions are such combinations.
//
// Both sums climb a ladder: a block of h values weighs h times its plain sum
// more when it comes after an older one of h.
type Weighted struct {
	ladder
	weighted, plain, divisor float64
	parts                    []weighed
}

// weighed is a part of the window: its sums, and what the plain one counts.
type weighed struct {
	sum, weighted []float64
	plain         float64
}

// NewWeighted is (weighted · W + plain · S) / divisor, where S is the sum of n
// values, 1 or more, and W the weighted one.
func NewWeighted(n int, weighted, plain, divisor float64) *Weighted {
	return &Weighted{ladder: newLadder(n, foot, 2), weighted: weighted, plain: plain, divisor: divisor}
}

// NewWMA is the weighted moving average over n values, 1 or more: the newest
// weighs n, the oldest 1.
func NewWMA(n int) *Weighted { return NewWeighted(n, 1, 0, triangle(n)) }

// NewRegression is the newest point of the least-squares line through the last n
// values: 3 times their weighted mean less 2 times the plain one. With sums in
// place of means that is one division, and exact on values that do not change.
func NewRegression(n int) *Weighted { return NewWeighted(n, 3, -float64(n+1), triangle(n)) }

// triangle is 1 + 2 + … + n.
func triangle(n int) float64 { return float64(n) * float64(n+1) / 2 }

// Next sets out to the combinations.
func (w *Weighted) Next(x, out []float64) int {
	m := len(x)
	weighFoot(w.x.push(x), out, w.room(foot, 0, m), w.room(foot, 1, m), w.rest(), w.weighted, w.counts(w.n-w.rest()))
	for j := foot + 1; j <= w.top(); j++ {
		h := 1 << (j - 1)
		weighTwo(w.room(j, 0, m), w.room(j, 1, m),
			w.past(j-1, 0, m, h), w.past(j-1, 1, m, h), w.past(j-1, 0, m, 0), w.past(j-1, 1, m, 0), float64(h))
	}
	w.parts = w.parts[:0]
	for j := foot; j <= w.top(); j++ {
		if h := 1 << j; w.n&h != 0 {
			back := w.n & (h - 1)
			w.parts = append(w.parts, weighed{w.past(j, 0, m, back), w.past(j, 1, m, back), w.counts(w.n - back - h)})
		}
	}
	w.gather(out)
	lead := w.lead(m)
	Blank(lead, out)
	return lead
}

// counts is what the plain sum of a part counts that has so many older values.
func (w *Weighted) counts(older int) float64 {
	return math.FMA(w.weighted, float64(older), w.plain)
}

// weigh puts a newer block after an older one of h values.
func weigh(os, ow, ns, nw, h float64) (s, w float64) { return os + ns, math.FMA(ns, h, ow+nw) }

// weighTwo puts blocks of h values together.
func weighTwo(s, w, os, ow, ns, nw []float64, h float64) {
	for i := weighTwoWide(s, w, os, ow, ns, nw, h); i < len(s); i++ {
		s[i], w[i] = weigh(os[i], ow[i], ns[i], nw[i], h)
	}
}

// weighFoot sets eightS and eightW, unless they are empty, and rest to the
// combination of the newest r values' sums, as addFoot does; 0 for none.
func weighFoot(x, rest, eightS, eightW []float64, r int, weighted, plain float64) {
	for i := weighFootWide(x, rest, eightS, eightW, r, weighted, plain); i < len(rest); i++ {
		v := x[i : i+8 : i+8]
		s4, w4 := weigh(v[2], v[2], v[3], v[3], 1)
		s2, w2 := weigh(v[4], v[4], v[5], v[5], 1)
		s, w := weigh(v[6], v[6], v[7], v[7], 1)
		fs, fw := weigh(s2, w2, s, w, 2)
		if len(eightS) > 0 {
			s6, w6 := weigh(v[0], v[0], v[1], v[1], 1)
			fs4, fw4 := weigh(s6, w6, s4, w4, 2)
			eightS[i], eightW[i] = weigh(fs4, fw4, fs, fw, 4)
		}
		switch r & 6 {
		case 0:
			s, w = 0, 0
		case 4:
			s, w = fs, fw
		case 6:
			s, w = weigh(s4, w4, fs, fw, 2)
		}
		if r&1 != 0 {
			one := v[7-r&6]
			s, w = weigh(one, one, s, w, 1)
		}
		rest[i] = math.FMA(s, plain, w*weighted)
	}
}

// gather adds the other parts' combinations to out, the newest first, and
// divides.
func (w *Weighted) gather(out []float64) {
	inv := 1 / w.divisor
	for i := gatherWeightedWide(out, w.parts, w.weighted, w.divisor, inv); i < len(out); i++ {
		t := out[i]
		for _, p := range w.parts {
			t = math.FMA(p.sum[i], p.plain, math.FMA(p.weighted[i], w.weighted, t))
		}
		q := t * inv
		out[i] = math.FMA(math.FMA(-q, w.divisor, t), inv, q)
	}
}
