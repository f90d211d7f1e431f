package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Weighted is a combination of two sums over the last n values: the plain one,
// and the one with weights 1 to n, the newest weighing most. Weighted averages
// are such combinations.
//
// Both sums climb a ladder: a block of h values weighs h times its plain sum
// more when it comes after an older one of h.
type Weighted struct {
	ladder
	fours   int          // how many of the rest are summed on the way to eight: 4 or none
	four    [2][]float64 // their sums
	weights []repeated   // of each column of the window's pieces
	columns [][]float64
	divisor float64
	tap     []tapped // for Tick, as inv
	inv     float64
}

// NewWeighted is (weighted · W + plain · S) / divisor, where S is the sum of n
// values, 1 or more, and W the weighted one.
func NewWeighted(n int, weighted, plain, divisor float64) *Weighted {
	w := &Weighted{ladder: newLadder(n, 2), divisor: divisor}
	// A value with so many older ones in the window weighs one more than that.
	counts := func(older int) repeated { return repeat(math.FMA(weighted, float64(older), plain)) }
	if n > footing && w.rest >= 4 {
		w.fours = 4
		w.four = [2][]float64{make([]float64, ta.Tile), make([]float64, ta.Tile)}
		w.weights = append(w.weights, repeat(weighted), counts(n-4))
	}
	for k := w.fours; k < w.rest; k++ {
		w.weights = append(w.weights, counts(n-k))
	}
	for _, p := range w.plan {
		w.weights = append(w.weights, repeat(weighted), counts(n-p.back-1<<(3*p.rung)))
	}
	if last := len(w.weights) - 1; w.weights[last][0] == 0 {
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
	m := len(x)
	near := w.x.push(x)
	var four [2][]float64
	if w.fours > 0 {
		four = [2][]float64{w.four[0][:m], w.four[1][:m]}
	}
	weighFoot(near, four[0], four[1], w.room(1, 0, m), w.room(1, 1, m))
	for k := 2; k <= len(w.rungs); k++ {
		sums, weighted := w.below(k, 0, m), w.below(k, 1, m)
		weighEight(w.room(k, 0, m), w.room(k, 1, m), &sums, &weighted, float64(int(1)<<(3*(k-1))))
	}
	w.columns = w.columns[:0]
	if w.fours > 0 {
		w.columns = append(w.columns, four[1], four[0])
	}
	for k := w.fours; k < w.rest; k++ {
		w.columns = append(w.columns, near[footing-k:footing-k+m])
	}
	for _, p := range w.plan {
		w.columns = append(w.columns, w.past(p.rung, 1, m, p.back), w.past(p.rung, 0, m, p.back))
	}
	w.columns = w.columns[:len(w.weights)]
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

// weighFoot sets s8 and w8 to the sums of eight values, and on the way s4 and w4,
// unless they are empty, to those of four; without s8 it does nothing. x has the
// footing before the first of them.
func weighFoot(x, s4, w4, s8, w8 []float64) {
	if len(s8) == 0 {
		return
	}
	m := len(x) - footing
	for i := weighFootWide(x, s4, w4, s8, w8); i < m; i++ {
		v := x[i : i+8 : i+8]
		s2, w2 := weigh(v[4], v[4], v[5], v[5], 1)
		s, w := weigh(v[6], v[6], v[7], v[7], 1)
		s, w = weigh(s2, w2, s, w, 2)
		if len(s4) > 0 {
			s4[i], w4[i] = s, w
		}
		s6, w6 := weigh(v[0], v[0], v[1], v[1], 1)
		s2, w2 = weigh(v[2], v[2], v[3], v[3], 1)
		s2, w2 = weigh(s6, w6, s2, w2, 2)
		s8[i], w8[i] = weigh(s2, w2, s, w, 4)
	}
}
