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
	return &Weighted{ladder: newLadder(n, 2), weighted: weighted, plain: plain, divisor: divisor}
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
	weighFoot(w.x.push(x), out, w.room(1, 0, m), w.room(1, 1, m), w.rest, w.weighted, w.counts(w.n-w.rest))
	for k := 2; k <= len(w.rungs); k++ {
		sums, weighted := w.below(k, 0, m), w.below(k, 1, m)
		weighEight(w.room(k, 0, m), w.room(k, 1, m), &sums, &weighted, float64(int(1)<<(3*(k-1))))
	}
	w.parts = w.parts[:0]
	for _, p := range w.plan {
		older := w.n - p.back - 1<<(3*p.rung)
		w.parts = append(w.parts, weighed{w.past(p.rung, 0, m, p.back), w.past(p.rung, 1, m, p.back), w.counts(older)})
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

// weighEight puts eight blocks of size values together.
func weighEight(sum, weighted []float64, s, w *octet, size float64) {
	for i := weighEightWide(sum, weighted, s, w, size); i < len(sum); i++ {
		pair := func(k int) (float64, float64) { return weigh(s[k][i], w[k][i], s[k+1][i], w[k+1][i], size) }
		s6, w6 := pair(0)
		s4, w4 := pair(2)
		s2, w2 := pair(4)
		s0, w0 := pair(6)
		fs4, fw4 := weigh(s6, w6, s4, w4, 2*size)
		fs, fw := weigh(s2, w2, s0, w0, 2*size)
		sum[i], weighted[i] = weigh(fs4, fw4, fs, fw, 4*size)
	}
}

// weighFoot sets eightS and eightW, unless they are empty, and rest to the
// combination of the newest r values' sums, unless that is 0, as addFoot does.
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
		if r == 0 {
			continue
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

// gather adds the other parts' combinations to the rest in out, the newest
// first, and divides.
func (w *Weighted) gather(out []float64) {
	inv := 1 / w.divisor
	for i := gatherWeightedWide(out, w.parts, w.rest > 0, w.weighted, w.divisor, inv); i < len(out); i++ {
		t := 0.0
		if w.rest > 0 {
			t = out[i]
		}
		for _, p := range w.parts {
			t = math.FMA(p.sum[i], p.plain, math.FMA(p.weighted[i], w.weighted, t))
		}
		q := t * inv
		out[i] = math.FMA(math.FMA(-q, w.divisor, t), inv, q)
	}
}
