package roll

import (
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Index is the bar of the largest or the smallest of the last n values, counted
// from 0 for the first there ever was.
//
// Of equal values the newest counts, but when the one that counted leaves the
// window the oldest of those left does: TA-Lib's rule, which looks at each new
// value and searches the window, from its beginning, only when it must.
type Index struct {
	n    int
	sign float64 // −1 turns the smallest into the largest
	past track
	bars int    // seen so far
	at   marked // the one that counts

	// Once the one that counted has left: the values that can come to count when
	// older ones leave, the oldest, and largest, first. A new largest empties it.
	queue []marked
	head  int
}

// marked is a value with its bar.
type marked struct {
	bar   int
	value float64
}

// NewIndexOfMax looks at n values, 1 or more.
func NewIndexOfMax(n int) *Index { return newIndex(n, 1) }

// NewIndexOfMin looks at n values, 1 or more.
func NewIndexOfMin(n int) *Index { return newIndex(n, -1) }

func newIndex(n int, sign float64) *Index {
	return &Index{n: n, sign: sign, past: newTrack(n), at: marked{bar: -1}}
}

// Next sets out to the bars.
func (x *Index) Next(values, out []float64) (lead int) {
	w := x.past.push(values)
	for i, v := range values {
		now := marked{x.bars, v * x.sign}
		x.bars++
		first := x.bars - x.n // of the window
		switch {
		case first < 0:
			out[i] = nan
			lead++
			continue
		case x.at.bar < first:
			x.search(w[i+1:i+1+x.n], first)
		case now.value >= x.at.value:
			x.at, x.queue, x.head = now, x.queue[:0], 0
		case len(x.queue) > 0:
			x.push(now)
		}
		out[i] = float64(x.at.bar)
	}
	return lead
}

// search finds the oldest of the largest values of the window that begins at the
// bar first. A search of all of them is followed by another one only after n
// bars: until then the queue answers.
func (x *Index) search(window []float64, first int) {
	if len(x.queue) > 0 {
		x.push(marked{x.bars - 1, window[x.n-1] * x.sign})
	} else {
		// From the newest back, what is not below any newer value.
		top := -inf
		for k := len(window) - 1; k >= 0; k-- {
			if v := window[k] * x.sign; v >= top {
				x.queue, top = append(x.queue, marked{first + k, v}), v
			}
		}
		slices.Reverse(x.queue)
	}
	for x.queue[x.head].bar < first {
		x.head++
	}
	x.at = x.queue[x.head]
}

// push puts the next value in the queue, and those out that it outlives.
func (x *Index) push(v marked) {
	last := len(x.queue) - 1
	for last >= x.head && x.queue[last].value < v.value {
		last--
	}
	x.queue = append(x.queue[:last+1], v)
	if x.head > x.n {
		x.queue = x.queue[:copy(x.queue, x.queue[x.head:])]
		x.head = 0
	}
}

// AppendState implements ta.State.
func (x *Index) AppendState(b []byte) []byte {
	return x.past.AppendState(ta.AppendFloats(b, float64(x.bars), float64(x.at.bar)))
}

// Restore implements ta.State.
func (x *Index) Restore(state []byte) ([]byte, error) {
	var v [2]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= 1<<52 && v[1] >= -1 && v[1] < max(v[0], 1)) {
		return nil, ta.ErrState
	}
	if rest, err = x.past.Restore(rest); err != nil {
		return nil, err
	}
	bars, at := int(v[0]), int(v[1])
	x.bars, x.at, x.queue, x.head = bars, marked{bar: -1}, x.queue[:0], 0
	if bars < x.n {
		return rest, nil
	}
	back := bars - at
	if back > x.n {
		return nil, ta.ErrState
	}
	x.at = marked{at, x.past.past(back, 0)[0] * x.sign}
	return rest, nil
}
