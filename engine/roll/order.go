package roll

import (
	"slices"
	"sort"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// order keeps the last n values sorted, in blocks that are never empty: a new
// value moves those of one block and not of the whole window.
type order struct {
	n      int
	past   track
	held   int         // how many values there are, at most n
	blocks [][]float64 // each of at most orderBlock values
}

// orderBlock is how many values are moved faster than a block more is found.
const orderBlock = 512

func newOrder(n int) order { return order{n: n, past: newTrack(n)} }

// find returns the block and the place in it of the first value that is not
// below v: past the end of the last block where there is none.
func (o *order) find(v float64) (block, at int) {
	if last := len(o.blocks) - 1; last > 0 {
		block = sort.Search(last, func(b int) bool { w := o.blocks[b]; return !(w[len(w)-1] < v) })
	}
	return block, lowest(o.blocks[block], v)
}

// lowest is the place of the first of the sorted values that is not below v.
func lowest(sorted []float64, v float64) int {
	at := 0
	for n := len(sorted); n > 0; {
		half := (n + 1) / 2
		if sorted[at+half-1] < v {
			at += half
		}
		n -= half
	}
	return at
}

// push takes v, and takes oldest out where the window is full.
func (o *order) push(v, oldest float64) {
	v += 0 // of two zeros one, so that it does not matter which came first
	if o.held < o.n {
		o.held++
		o.insert(v)
		return
	}
	from, i := o.find(oldest)
	if to, j := o.find(v); from == to {
		w := o.blocks[from]
		if i < j {
			copy(w[i:], w[i+1:j])
			w[j-1] = v
		} else {
			copy(w[j+1:], w[j:i])
			w[j] = v
		}
		return
	}
	if w := o.blocks[from]; len(w) > 1 {
		o.blocks[from] = slices.Delete(w, i, i+1)
	} else {
		o.blocks = slices.Delete(o.blocks, from, from+1)
	}
	o.insert(v)
}

func (o *order) insert(v float64) {
	if len(o.blocks) == 0 {
		o.blocks = append(o.blocks, nil)
	}
	b, i := o.find(v)
	w := slices.Insert(o.blocks[b], i, v)
	o.blocks[b] = w
	if len(w) > orderBlock {
		half := slices.Clone(w[orderBlock/2:])
		o.blocks[b] = w[:orderBlock/2]
		o.blocks = slices.Insert(o.blocks, b+1, half)
	}
}

// at is the value with k smaller ones, or equal ones before it.
func (o *order) at(k int) float64 {
	for _, w := range o.blocks {
		if k < len(w) {
			return w[k]
		}
		k -= len(w)
	}
	panic("roll: there are not so many values")
}

// below is how many values are below v.
func (o *order) below(v float64) int {
	b, k := o.find(v)
	for _, w := range o.blocks[:b] {
		k += len(w)
	}
	return k
}

// AppendState implements ta.State.
func (o *order) AppendState(b []byte) []byte {
	return o.past.AppendState(ta.AppendFloats(b, float64(o.held)))
}

// Restore implements ta.State.
func (o *order) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= float64(o.n)) {
		return nil, ta.ErrState
	}
	if rest, err = o.past.Restore(rest); err != nil {
		return nil, err
	}
	o.held, o.blocks = 0, nil
	for _, x := range o.past.buf[o.past.end-int(v[0]) : o.past.end] {
		o.push(x, 0)
	}
	return rest, nil
}

// Percentile is one of the last n values by its place in their order.
type Percentile struct {
	order
	place int
}

// NewPercentile gives the value with place smaller ones before it, from 0 for
// the smallest of n to n−1 for the largest.
func NewPercentile(n, place int) *Percentile { return &Percentile{newOrder(n), place} }

// Next sets out to the values.
func (p *Percentile) Next(x, out []float64) (lead int) {
	w := p.past.push(x)
	for i, v := range x {
		p.push(v, w[i])
		if p.held < p.n {
			out[i] = nan
			lead++
			continue
		}
		out[i] = p.at(p.place)
	}
	return lead
}

// Rank is how many of the n values before each are below it.
type Rank struct{ order }

// NewRank looks at n values, 1 or more.
func NewRank(n int) *Rank { return &Rank{newOrder(n)} }

// Next sets out to the counts.
func (r *Rank) Next(x, out []float64) (lead int) {
	w := r.past.push(x)
	for i, v := range x {
		if r.held < r.n {
			out[i] = nan
			lead++
		} else {
			out[i] = float64(r.below(v))
		}
		r.push(v, w[i])
	}
	return lead
}
