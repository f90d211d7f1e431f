package roll

import (
	"math"
	"math/bits"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Variance is the mean of the last n values and the sum of their squared
// distances from it, by pairwise merging (Chan, Golub and LeVeque, 1979) on a
// ladder: no difference of large squares, so a quiet series at a high price
// keeps its digits, and no memory of a spike that has left the window.
type Variance struct {
	n         int
	mean, ssd []track // rung j: of the last 2^j values
	count
}

// NewVariance looks at n values, 1 or more.
func NewVariance(n int) *Variance {
	v := &Variance{n: n, count: count{n - 1}}
	for j := range bits.Len(uint(n)) {
		v.mean = append(v.mean, newTrack(1<<j))
		v.ssd = append(v.ssd, newTrack(1<<j))
	}
	return v
}

// Next sets mean to the means and ssd to the sums of squared distances; their
// quotient with n is the population's variance.
func (v *Variance) Next(x, mean, ssd []float64) int {
	m := len(x)
	bm := v.mean[0].push(x)
	bq := v.ssd[0].window(m) // of one value: always zero
	weight := 0              // how many of the window's values are merged
	for j := range v.mean {
		h := 1 << j
		if j > 0 {
			rm, rq := v.mean[j].window(m), v.ssd[j].window(m)
			merge(rm[h:], rq[h:], bm[h/2:], bq[h/2:], bm[:m], bq[:m], 0.5, float64(h)/4)
			bm, bq = rm, rq
		}
		if v.n&h == 0 {
			continue
		}
		off := v.n & (h - 1)
		pm, pq := bm[h-off:h-off+m], bq[h-off:h-off+m]
		if weight == 0 {
			copy(mean, pm)
			copy(ssd, pq)
		} else {
			part := float64(h) / float64(weight+h)
			merge(mean, ssd, mean, ssd, pm, pq, part, part*float64(weight))
		}
		weight += h
	}
	lead := v.lead(m)
	Blank(lead, mean, ssd)
	return lead
}

// merge sets m and q to the mean and the sum of squares of two samples
// together: wm is the second one's part of the whole, wq the product of both
// sizes divided by the whole. m may be am, and q aq.
func merge(m, q, am, aq, bm, bq []float64, wm, wq float64) {
	for i := mergeWide(m, q, am, aq, bm, bq, wm, wq); i < len(m); i++ {
		d := bm[i] - am[i]
		s := aq[i] + bq[i]
		m[i] = math.FMA(d, wm, am[i])
		q[i] = math.FMA(d*wq, d, s)
	}
}

// AppendState implements ta.State.
func (v *Variance) AppendState(b []byte) []byte {
	for j := range v.mean {
		b = appendStates(b, &v.mean[j], &v.ssd[j])
	}
	return v.count.AppendState(b)
}

// Restore implements ta.State.
func (v *Variance) Restore(state []byte) (rest []byte, err error) {
	for j := range v.mean {
		if state, err = restoreStates(state, &v.mean[j], &v.ssd[j]); err != nil {
			return nil, err
		}
	}
	return v.count.Restore(state)
}

var _ ta.State = (*Variance)(nil)
