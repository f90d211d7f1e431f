package roll

import "math"

// Variance is the mean of the last n values and the sum of their squared
// distances from it: of a few by their definition, of more by pairwise merging (Chan, Golub and LeVeque, 1979) on a
// ladder: no difference of large squares, so a quiet series at a high price
// keeps its digits, and no memory of a spike that has left the window.
type Variance struct {
	ladder
	parts []sampled

	// For Tick: the weights are those that the foot's pair and value have.
	samples
	tap                      []tapped // mean and squares of each piece
	pairW, pairV, oneW, oneV float64
}

// sampled is a part of the window: its mean and sum of squared distances, and
// how it is merged with those before it, as merge has it.
type sampled struct {
	mean, ssd []float64
	wm, wq    repeated
}

// NewVariance looks at n values, 1 or more.
func NewVariance(n int) *Variance {
	v := &Variance{ladder: newLadder(n, 2)}
	if v.rest > 0 {
		v.parts = append(v.parts, sampled{})
	}
	merged := v.rest // how many of the window's values
	for _, p := range v.plan {
		size := 1 << (3 * p.rung)
		wm, wq := weights(merged, size)
		v.parts = append(v.parts, sampled{wm: repeat(wm), wq: repeat(wq)})
		merged += size
	}
	return v
}

// Next sets mean to the means and ssd to the sums of squared distances; their
// quotient with n is the population's variance.
func (v *Variance) Next(x, mean, ssd []float64) int { return v.next(x, mean, ssd, 0) }

// next makes, with d, the roots of ssd divided by d in its last pass: there they
// cost nothing, for the processor takes them while it merges.
func (v *Variance) next(x, mean, ssd []float64, d float64) int {
	v.begin(x, mean, ssd, d)
	return v.finish(mean, ssd, d)
}

// watch is next for values that may have holes: it returns false, with v as it was,
// where it met one, or cannot tell.
func (v *Variance) watch(x, mean, ssd []float64, d float64) (lead int, ok bool) {
	end := v.x.end
	if sum := v.begin(x, mean, ssd, d); sum-sum != 0 {
		v.undo(end, len(x))
		return 0, false
	}
	return v.finish(mean, ssd, d), true
}

// begin makes the foot and returns a sum with every value in it: no number where one
// is none.
func (v *Variance) begin(x, mean, ssd []float64, d float64) (sum float64) {
	m := len(x)
	eightM, eightQ := v.room(1, 0, m), v.room(1, 1, m)
	for from := 0; from < m; {
		w, to := v.x.over(x, from)
		if len(v.plan) == 0 {
			sum += varyFew(w, mean[from:to], ssd[from:to], v.n, d)
		} else {
			sum += mergeFoot(w, mean[from:to], ssd[from:to], eightM[from:to], eightQ[from:to], v.rest)
		}
		from = to
	}
	return sum
}

// finish goes on from the foot.
func (v *Variance) finish(mean, ssd []float64, d float64) int {
	m := len(mean)
	if len(v.plan) > 0 {
		for k := 2; k <= len(v.rungs); k++ {
			means, ssds := v.below(k, 0, m), v.below(k, 1, m)
			mergeEight(v.room(k, 0, m), v.room(k, 1, m), &means, &ssds, float64(int(1)<<(3*(k-1))))
		}
		v.parts[0].mean, v.parts[0].ssd = mean, ssd // unless there is no rest
		parts := v.parts[len(v.parts)-len(v.plan):]
		for i, p := range v.plan {
			parts[i].mean, parts[i].ssd = v.past(p.rung, 0, m, p.back), v.past(p.rung, 1, m, p.back)
		}
		mergeAll(mean, ssd, v.parts, d)
	}
	lead := v.lead(m)
	Blank(lead, mean, ssd)
	return lead
}

// varyFew sets mean and ssd, or with d the spread, for windows of n values, 1 to
// 7. It sums the distances to the newest value and their squares: that value is
// one of the window, so the square of the sum takes at most the n-th part of the
// digits from the sum of squares, and an unchanging window has exactly none. x
// has the footing before the first value. It returns the sum of the values.
func varyFew(x, mean, ssd []float64, n int, d float64) float64 {
	inv := 1 / float64(n)
	i, sum := varyFewWide(x, mean, ssd, n, d)
	for ; i < len(mean); i++ {
		sum += x[i+footing]
		mean[i], ssd[i] = vary(x[i+8-n:i+8:i+8], inv)
		if d > 0 {
			ssd[i] = spread(ssd[i], d, 1/d)
		}
	}
	return sum
}

// vary is varyFew for one window, inv the part of it that a value is.
func vary(w []float64, inv float64) (mean, ssd float64) {
	last := len(w) - 1
	newest, s, q := w[last], 0.0, 0.0
	for k := last - 1; k >= 0; k-- {
		apart := w[k] - newest
		s, q = s+apart, math.FMA(apart, apart, q)
	}
	m := float64(s * inv)
	return newest + m, larger(math.FMA(-m, s, q), 0) // the squares may underflow
}

// spread is the root of q divided by d, as Divide divides.
func spread(q, d, inv float64) float64 { return math.Sqrt(divided(q, d, inv)) }

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

// mergeFoot sets eightM and eightQ, and mean and ssd for the newest r values, as
// addFoot does, and returns a sum with every value in it.
func mergeFoot(x, mean, ssd, eightM, eightQ []float64, r int) float64 {
	pairM, pairQ := weights(r&4, 2)
	oneM, oneQ := weights(r&6, 1)
	i, sum := mergeFootWide(x, mean, ssd, eightM, eightQ, r)
	for ; i < len(mean); i++ {
		w := x[i : i+8 : i+8]
		m4, q4 := merge(w[3], 0, w[2], 0, 0.5, 0.5)
		m2, q2 := merge(w[5], 0, w[4], 0, 0.5, 0.5)
		m, q := merge(w[7], 0, w[6], 0, 0.5, 0.5)
		fm, fq := merge(m, q, m2, q2, 0.5, 1)
		m6, q6 := merge(w[1], 0, w[0], 0, 0.5, 0.5)
		fm4, fq4 := merge(m4, q4, m6, q6, 0.5, 1)
		eightM[i], eightQ[i] = merge(fm, fq, fm4, fq4, 0.5, 2)
		sum += eightM[i]
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
	return sum
}

// mergeEight merges eight samples of size values.
func mergeEight(mean, ssd []float64, m, q *octet, size float64) {
	for i := mergeEightWide(mean, ssd, m, q, size); i < len(mean); i++ {
		pair := func(k int) (float64, float64) { return merge(m[k+1][i], q[k+1][i], m[k][i], q[k][i], 0.5, size/2) }
		m6, q6 := pair(0)
		m4, q4 := pair(2)
		m2, q2 := pair(4)
		m0, q0 := pair(6)
		fm4, fq4 := merge(m4, q4, m6, q6, 0.5, size)
		fm, fq := merge(m0, q0, m2, q2, 0.5, size)
		mean[i], ssd[i] = merge(fm, fq, fm4, fq4, 0.5, 2*size)
	}
}

// mergeAll merges the parts of a window, the newest first; with d, ssd is set to
// the spread. mean and ssd may be the first part.
func mergeAll(mean, ssd []float64, parts []sampled, d float64) {
	for i := mergeAllWide(mean, ssd, parts, d); i < len(mean); i++ {
		m, q := parts[0].mean[i], parts[0].ssd[i]
		for k := range parts[1:] {
			p := &parts[k+1]
			m, q = merge(m, q, p.mean[i], p.ssd[i], p.wm[0], p.wq[0])
		}
		if d > 0 {
			q = spread(q, d, 1/d)
		}
		mean[i], ssd[i] = m, q
	}
}
