package roll

import "math"

// Variance is the mean of the last n values and the sum of their squared
// distances from it, by pairwise merging (Chan, Golub and LeVeque, 1979) on a
// ladder: no difference of large squares, so a quiet series at a high price
// keeps its digits, and no memory of a spike that has left the window.
type Variance struct {
	ladder
	parts []sampled
}

// sampled is a part of the window: its mean and sum of squared distances, and
// how it is merged with those before it, as merge has it.
type sampled struct {
	mean, ssd []float64
	wm, wq    float64
}

// NewVariance looks at n values, 1 or more.
func NewVariance(n int) *Variance { return &Variance{ladder: newLadder(n, foot, 2)} }

// Next sets mean to the means and ssd to the sums of squared distances; their
// quotient with n is the population's variance.
func (v *Variance) Next(x, mean, ssd []float64) int {
	m := len(x)
	mergeFoot(v.x.push(x), mean, ssd, v.room(foot, 0, m), v.room(foot, 1, m), v.rest())
	for j := foot + 1; j <= v.top(); j++ {
		h := 1 << (j - 1)
		mergeEqual(v.room(j, 0, m), v.room(j, 1, m),
			v.past(j-1, 0, m, 0), v.past(j-1, 1, m, 0), v.past(j-1, 0, m, h), v.past(j-1, 1, m, h), float64(h)/2)
	}
	v.parts = v.parts[:0]
	weight := v.rest() // how many of the window's values are merged
	if weight > 0 {
		v.parts = append(v.parts, sampled{mean: mean, ssd: ssd})
	}
	for j := foot; j <= v.top(); j++ {
		if h := 1 << j; v.n&h != 0 {
			wm, wq := weights(weight, h)
			back := v.n & (h - 1)
			v.parts = append(v.parts, sampled{v.past(j, 0, m, back), v.past(j, 1, m, back), wm, wq})
			weight += h
		}
	}
	if len(v.parts) > 1 || v.rest() == 0 {
		mergeAll(mean, ssd, v.parts)
	}
	lead := v.lead(m)
	Blank(lead, mean, ssd)
	return lead
}

// weights are what merge takes for a sample of a values and an older one of b.
func weights(a, b int) (wm, wq float64) {
	wm = float64(b) / float64(a+b)
	return wm, wm * float64(a)
}

// merge is the mean and the sum of squares of two samples together, the newer
// one first: wm is the older one's part of the whole, wq the product of both
// sizes divided by the whole.
func merge(am, aq, bm, bq, wm, wq float64) (m, q float64) {
	d := bm - am
	return math.FMA(d, wm, am), math.FMA(d*wq, d, aq+bq)
}

// mergeEqual merges two samples of equal size: wq is half of it.
func mergeEqual(m, q, am, aq, bm, bq []float64, wq float64) {
	for i := mergeEqualWide(m, q, am, aq, bm, bq, wq); i < len(m); i++ {
		m[i], q[i] = merge(am[i], aq[i], bm[i], bq[i], 0.5, wq)
	}
}

// mergeFoot sets eightM and eightQ, unless they are empty, and mean and ssd for
// the newest r values, as addFoot does.
func mergeFoot(x, mean, ssd, eightM, eightQ []float64, r int) {
	pairM, pairQ := weights(r&4, 2)
	oneM, oneQ := weights(r&6, 1)
	for i := mergeFootWide(x, mean, ssd, eightM, eightQ, r); i < len(mean); i++ {
		w := x[i : i+8 : i+8]
		m4, q4 := merge(w[3], 0, w[2], 0, 0.5, 0.5)
		m2, q2 := merge(w[5], 0, w[4], 0, 0.5, 0.5)
		m, q := merge(w[7], 0, w[6], 0, 0.5, 0.5)
		fm, fq := merge(m, q, m2, q2, 0.5, 1)
		if len(eightM) > 0 {
			m6, q6 := merge(w[1], 0, w[0], 0, 0.5, 0.5)
			fm4, fq4 := merge(m4, q4, m6, q6, 0.5, 1)
			eightM[i], eightQ[i] = merge(fm, fq, fm4, fq4, 0.5, 2)
		}
		switch r & 6 {
		case 4:
			m, q = fm, fq
		case 6:
			m, q = merge(fm, fq, m4, q4, pairM, pairQ)
		}
		switch {
		case r == 1:
			m, q = w[7], 0
		case r&1 != 0:
			m, q = merge(m, q, w[7-r&6], 0, oneM, oneQ)
		}
		if r > 0 {
			mean[i], ssd[i] = m, q
		}
	}
}

// mergeAll merges the parts of a window, the newest first. mean and ssd may be
// the first part.
func mergeAll(mean, ssd []float64, parts []sampled) {
	for i := mergeAllWide(mean, ssd, parts); i < len(mean); i++ {
		m, q := parts[0].mean[i], parts[0].ssd[i]
		for _, p := range parts[1:] {
			m, q = merge(m, q, p.mean[i], p.ssd[i], p.wm, p.wq)
		}
		mean[i], ssd[i] = m, q
	}
}
