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
	weights []repeated // of each column of the window's pieces
	columns [][]float64
	divisor float64
}

// NewWeighted is (weighted · W + plain · S) / divisor, where S is the sum of n
// values, 1 or more, and W the weighted one.
func NewWeighted(n int, weighted, plain, divisor float64) *Weighted {
	w := &Weighted{ladder: newLadder(n, 2), divisor: divisor}
	// A value with so many older ones in the window weighs one more than that.
	counts := func(older int) repeated { return repeat(math.FMA(weighted, float64(older), plain)) }
	for k := range w.rest {
		w.weights = append(w.weights, counts(n-k))
	}
	for _, p := range w.plan {
		w.weights = append(w.weights, repeat(weighted), counts(n-p.back-1<<(3*p.rung)))
	}
	return w
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
	near := w.x.push(x)
	if len(w.rungs) > 0 {
		weighFoot(near, w.room(1, 0, m), w.room(1, 1, m))
	}
	for k := 2; k <= len(w.rungs); k++ {
		sums, weighted := w.below(k, 0, m), w.below(k, 1, m)
		weighEight(w.room(k, 0, m), w.room(k, 1, m), &sums, &weighted, float64(int(1)<<(3*(k-1))))
	}
	w.columns = w.columns[:0]
	for k := range w.rest {
		w.columns = append(w.columns, near[footing-k:footing-k+m])
	}
	for _, p := range w.plan {
		w.columns = append(w.columns, w.past(p.rung, 1, m, p.back), w.past(p.rung, 0, m, p.back))
	}
	combine(out, w.columns, w.weights, w.divisor)
	lead := w.lead(m)
	Blank(lead, out)
	return lead
}

// combine sets out to the sum of columns, each times its weight, divided by d as
// Divide divides.
func combine(out []float64, columns [][]float64, weights []repeated, d float64) {
	inv := 1 / d
	for i := combineWide(out, columns, weights, d, inv); i < len(out); i++ {
		t := 0.0
		for k, w := range weights {
			t = math.FMA(columns[k][i], w[0], t)
		}
		q := t * inv
		out[i] = math.FMA(math.FMA(-q, d, t), inv, q)
	}
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

// weighFoot sets s and w to the sums of eight values; x has the footing before
// the first of them.
func weighFoot(x, s, w []float64) {
	for i := weighFootWide(x, s, w); i < len(s); i++ {
		v := x[i : i+8 : i+8]
		s6, w6 := weigh(v[0], v[0], v[1], v[1], 1)
		s4, w4 := weigh(v[2], v[2], v[3], v[3], 1)
		s2, w2 := weigh(v[4], v[4], v[5], v[5], 1)
		s0, w0 := weigh(v[6], v[6], v[7], v[7], 1)
		fs4, fw4 := weigh(s6, w6, s4, w4, 2)
		fs, fw := weigh(s2, w2, s0, w0, 2)
		s[i], w[i] = weigh(fs4, fw4, fs, fw, 4)
	}
}
