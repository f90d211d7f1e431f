package roll

import "math"

// Weighted is a combination of two sums over the last n values: the plain one,
// and the one with weights 1 to n, the newest weighing most. Weighted averages
// are such combinations.
//
// Both sums climb a ladder: a block of h values weighs h times its plain sum
// more when it comes after an older one of h.
type Weighted struct {
	ladder
	nearest  [2]float64  // what both sums of the rest count for
	weights  []repeated  // of each column of the window's eights and larger pieces
	columns  [][]float64 // the weighted sum of a piece, and the plain one
	divisor  float64
	weighing // for Tick, as inv
	inv      float64
}

// NewWeighted is (weighted · W + plain · S) / divisor, where S is the sum of n
// values, 1 or more, and W the weighted one.
func NewWeighted(n int, weighted, plain, divisor float64) *Weighted {
	w := &Weighted{ladder: newLadder(n, 2), divisor: divisor}
	// A value with so many older ones in the window weighs one more than that.
	counts := func(older int) float64 { return math.FMA(weighted, float64(older), plain) }
	w.nearest = [2]float64{weighted, counts(n - w.rest)}
	for _, p := range w.plan {
		w.weights = append(w.weights, repeat(weighted), repeat(counts(n-p.back-1<<(3*p.rung))))
	}
	if last := len(w.weights) - 1; last > 0 && w.weights[last][0] == 0 {
		w.weights = w.weights[:last] // the plain sum of an average's oldest piece
	}
	return w
}

// NewWMA is the weighted moving average over n values, 1 or more: the newest
// weighs n, the oldest 1.
func NewWMA(n int) *Weighted { return NewWeighted(n, 1, 0, triangle(n)) }

// triangle is 1 + 2 + … + n.
func triangle(n int) float64 { return float64(n) * float64(n+1) / 2 }

// Next sets out to the combinations.
func (w *Weighted) Next(x, out []float64) int {
	w.begin(x, out)
	return w.finish(out)
}

// Watch is Next for values that may have holes: it returns false, with w as it was,
// where it met one, or cannot tell.
func (w *Weighted) Watch(x, out []float64) bool {
	end := w.x.end
	if sum := w.begin(x, out); sum-sum != 0 {
		w.undo(end, len(x))
		return false
	}
	w.finish(out)
	return true
}

// begin makes the foot and returns a sum with every value in it: no number where one
// is none.
func (w *Weighted) begin(x, out []float64) (sum float64) {
	m := len(x)
	s8, w8 := w.room(1, 0, m), w.room(1, 1, m)
	for from := 0; from < m; {
		near, to := w.x.over(x, from)
		if len(w.plan) == 0 {
			sum += weighFoot(near, out[from:to], nil, nil, w.rest, w.nearest)
		} else {
			sum += weighFoot(near, out[from:to], s8[from:to], w8[from:to], w.rest, w.nearest)
		}
		from = to
	}
	return sum
}

// finish goes on from the foot.
func (w *Weighted) finish(out []float64) int {
	m := len(out)
	for k := 2; k <= len(w.rungs); k++ {
		sums, weighted := w.below(k, 0, m), w.below(k, 1, m)
		weighEight(w.room(k, 0, m), w.room(k, 1, m), &sums, &weighted, float64(int(1)<<(3*(k-1))))
	}
	w.columns = w.columns[:0]
	for _, p := range w.plan {
		w.columns = append(w.columns, w.past(p.rung, 1, m, p.back), w.past(p.rung, 0, m, p.back))
	}
	w.columns = w.columns[:len(w.weights)]
	combine(out, w.columns, w.weights, w.divisor)
	lead := w.lead(m)
	Blank(lead, out)
	return lead
}

// combine adds columns, each times its weight, to out, and divides it by d as
// Divide divides.
func combine(out []float64, columns [][]float64, weights []repeated, d float64) {
	inv := 1 / d
	for i := combineWide(out, columns, weights, d, inv); i < len(out); i++ {
		t := out[i]
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

// weighFoot sets s8 and w8, unless they are empty, to the sums of eight values,
// and rest to those of the newest r, 0 to 7, times what they count for: the
// weighted one and the plain one. x has the footing before the first of them. It
// returns a sum with every value in it.
func weighFoot(x, rest, s8, w8 []float64, r int, counts [2]float64) float64 {
	i, sum := weighFootWide(x, rest, s8, w8, r, counts)
	for ; i < len(rest); i++ {
		v := x[i : i+8 : i+8]
		s4, w4, es, ew := weighLast(v)
		if len(s8) > 0 {
			s8[i], w8[i] = es, ew
		}
		rest[i] = restOf(v, s4, w4, r, counts)
		sum += es
	}
	return sum
}

// weighLast is the sums of the last four and of the last eight of eight values.
func weighLast(v []float64) (s4, w4, s8, w8 float64) {
	s6, w6 := weigh(v[0], v[0], v[1], v[1], 1)
	s2, w2 := weigh(v[2], v[2], v[3], v[3], 1)
	s6, w6 = weigh(s6, w6, s2, w2, 2)
	s2, w2 = weigh(v[4], v[4], v[5], v[5], 1)
	s4, w4 = weigh(v[6], v[6], v[7], v[7], 1)
	s4, w4 = weigh(s2, w2, s4, w4, 2)
	s8, w8 = weigh(s6, w6, s4, w4, 4)
	return s4, w4, s8, w8
}

// restOf is the sums of the newest r of eight values, 0 to 7, times what they
// count for; s and w are those of four.
func restOf(v []float64, s, w float64, r int, counts [2]float64) float64 {
	switch r & 6 {
	case 0:
		s, w = 0, 0
	case 2:
		s, w = weigh(v[6], v[6], v[7], v[7], 1)
	case 6:
		s2, w2 := weigh(v[2], v[2], v[3], v[3], 1)
		s, w = weigh(s2, w2, s, w, 2)
	}
	if r&1 != 0 {
		one := v[7-r&6]
		s, w = weigh(one, one, s, w, 1)
	}
	return math.FMA(s, counts[1], float64(w*counts[0]))
}
