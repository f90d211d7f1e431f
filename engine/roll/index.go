package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

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

	// The values that can become the largest when older ones leave: the oldest,
	// and largest, first.
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
	x.past.push(values)
	for i, v := range values {
		x.push(v * x.sign)
		if x.bars < x.n {
			out[i] = nan
			lead++
			continue
		}
		out[i] = float64(x.at.bar)
	}
	return lead
}

// push takes the next value.
func (x *Index) push(v float64) {
	now := marked{x.bars, v}
	x.bars++
	for len(x.queue) > x.head && x.queue[len(x.queue)-1].value < v {
		x.queue = x.queue[:len(x.queue)-1]
	}
	if x.head > x.n {
		x.queue = x.queue[:copy(x.queue, x.queue[x.head:])]
		x.head = 0
	}
	x.queue = append(x.queue, now)
	first := x.bars - x.n // of the window
	if x.queue[x.head].bar < first {
		x.head++
	}
	switch {
	case first <= 0 || x.at.bar < first:
		x.at = x.queue[x.head]
	case v >= x.at.value:
		x.at = now
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
	held := min(bars, x.n)
	x.queue, x.head, x.bars, x.at = nil, 0, bars-held, marked{bar: -1}
	window := x.past.buf[x.past.end-held : x.past.end]
	for _, value := range window {
		x.push(value * x.sign)
	}
	if held == 0 {
		return rest, nil
	}
	if at < x.bars-held {
		return nil, ta.ErrState
	}
	x.at = marked{at, window[at-(x.bars-held)] * x.sign}
	return rest, nil
}
