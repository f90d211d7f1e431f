package roll

import (
	"math/bits"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Weighted is the sum of the last n values, and their sum with weights 1 to n,
// the newest weighing most: what weighted averages and linear regressions are
// made of. It climbs a ladder of both sums: a block of h values after an older
// one adds h times its plain sum to its weights.
type Weighted struct {
	n             int
	sum, weighted []track // rung j: over the last 2^j values
	count
}

// NewWeighted looks at n values, 1 or more.
func NewWeighted(n int) *Weighted {
	w := &Weighted{n: n, count: count{n - 1}}
	for j := range bits.Len(uint(n)) {
		w.sum = append(w.sum, newTrack(1<<j))
		w.weighted = append(w.weighted, newTrack(1<<j))
	}
	return w
}

// Next sets sum to the plain sums and weighted to the weighted ones.
func (w *Weighted) Next(x, sum, weighted []float64) int {
	m := len(x)
	bs, bw := w.sum[0].push(x), w.weighted[0].push(x)
	empty := true
	for j := range w.sum {
		h := 1 << j
		if j > 0 {
			rs, rw := w.sum[j].window(m), w.weighted[j].window(m)
			Add(rs[h:], bs[:m], bs[h/2:])
			Add(rw[h:], bw[:m], bw[h/2:])
			MulAdd(rw[h:], bs[h/2:], float64(h/2), rw[h:])
			bs, bw = rs, rw
		}
		if w.n&h == 0 {
			continue
		}
		off := w.n & (h - 1)
		ps, pw := bs[h-off:h-off+m], bw[h-off:h-off+m]
		if empty {
			copy(sum, ps)
			copy(weighted, pw)
			empty = false
			continue
		}
		Add(weighted, weighted, pw)
		MulAdd(weighted, sum, float64(h), weighted)
		Add(sum, sum, ps)
	}
	lead := w.lead(m)
	Blank(lead, sum, weighted)
	return lead
}

// AppendState implements ta.State.
func (w *Weighted) AppendState(b []byte) []byte {
	for j := range w.sum {
		b = appendStates(b, &w.sum[j], &w.weighted[j])
	}
	return w.count.AppendState(b)
}

// Restore implements ta.State.
func (w *Weighted) Restore(state []byte) (rest []byte, err error) {
	for j := range w.sum {
		if state, err = restoreStates(state, &w.sum[j], &w.weighted[j]); err != nil {
			return nil, err
		}
	}
	return w.count.Restore(state)
}

var _ ta.State = (*Weighted)(nil)
