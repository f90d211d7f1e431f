package roll

import (
	"math"
	"math/bits"
	"slices"
	"sort"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// order keeps the last n values sorted, in blocks that are never empty: a new
// value moves those of one block and not of the whole window.
type order struct {
	n      int
	past   track
	held   int     // how many values there are, at most n
	blocks [][]key // each of at most orderBlock values
}

// orderBlock is how many values are moved faster than a block more is found.
const orderBlock = 512

// key is a value as a whole number, in the same order. Which of two of them is
// larger can be used in arithmetic: a search by floating-point numbers jumps, and
// no processor guesses where to.
type key uint64

func keyOf(v float64) key {
	b := math.Float64bits(v + 0) // one zero, so that it does not matter which came first
	return key(b ^ (-(b >> 63) | 1<<63))
}

func (k key) value() float64 {
	b := uint64(k)
	return math.Float64frombits(b ^ ((b>>63 - 1) | 1<<63))
}

func newOrder(n int) order { return order{n: n, past: newTrack(n)} }

// find returns the block and the place in it of the first value that is not
// below v: past the end of the last block where there is none.
func (o *order) find(v key) (block, at int) {
	if last := len(o.blocks) - 1; last > 0 {
		block = sort.Search(last, func(b int) bool { w := o.blocks[b]; return w[len(w)-1] >= v })
	}
	return block, lowest(o.blocks[block], v)
}

// lowest is the place of the first of the sorted values that is not below v.
func lowest(sorted []key, v key) int {
	at := 0
	for n := len(sorted); n > 0; {
		half := int(uint(n+1) / 2)
		_, below := bits.Sub64(uint64(sorted[at+half-1]), uint64(v), 0)
		at += half & -int(below)
		n -= half
	}
	return at
}

// push takes v, and takes oldest out where the window is full.
func (o *order) push(value, oldest float64) {
	v := keyOf(value)
	if o.held < o.n {
		o.held++
		o.insert(v)
		return
	}
	from, i := o.find(keyOf(oldest))
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

func (o *order) insert(v key) {
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
			return w[k].value()
		}
		k -= len(w)
	}
	panic("roll: there are not so many values")
}

// below is how many values are below v.
func (o *order) below(v float64) int {
	b, k := o.find(keyOf(v))
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
	for _, x := range o.past.past(int(v[0]), 0) {
		o.push(x, 0)
	}
	return rest, nil
}
