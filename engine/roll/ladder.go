package roll

import (
	"math/bits"
)

// A ladder computes an associative operation over windows of n values without
// a running total, so a result depends on the values in its window alone:
// nothing drifts, and a spike that has left is forgotten.
//
// Rung j holds, for each bar, the operation over the last 2^j values; it is
// made of two values of rung j−1, 2^(j−1) bars apart. A window of n is put
// together from the rungs of n's binary digits, the smallest at the newest end,
// so rung j never looks back further than 2^j bars: about log2(n) + (ones of n)
// operations for each bar, all of it between columns.
//
// The rungs below the one of eight values are made in one pass, its foot, and
// live in registers. What a window needs of them, the newest n mod 8 values, is
// made on the way: four of them, then two, then one, as many as there are.
type ladder struct {
	n     int
	x     track     // the values, with the footing of the first result
	rungs [][]track // rung j: the tracks of what it holds; none where it is not kept
	count
}

const (
	foot    = 3           // the lowest rung that windows are put together from
	footing = 1<<foot - 1 // how many values before a bar its foot looks back on
)

// newLadder is over n values, 1 or more. It keeps the rungs from the lowest on,
// each of so many columns.
func newLadder(n, lowest, columns int) ladder {
	top := bits.Len(uint(n)) - 1
	l := ladder{n: n, x: newTrack(footing), rungs: make([][]track, max(foot, top)+1), count: count{n - 1}}
	for j := max(1, lowest); j <= top; j++ {
		for range columns {
			l.rungs[j] = append(l.rungs[j], newTrack(1<<j))
		}
	}
	return l
}

// top is the number of the highest rung.
func (l *ladder) top() int { return bits.Len(uint(l.n)) - 1 }

// rest is how many of the window's values its foot puts together.
func (l *ladder) rest() int { return l.n & footing }

// room is what column k of rung j gets for the next m values; nothing where the
// rung is not kept.
func (l *ladder) room(j, k, m int) []float64 {
	if len(l.rungs[j]) == 0 {
		return nil
	}
	t := &l.rungs[j][k]
	return t.window(m)[t.n:]
}

// past is column k of rung j for the newest m values, each as it was back bars
// before: at most 2^j.
func (l *ladder) past(j, k, m, back int) []float64 {
	t := &l.x
	if j > 0 {
		t = &l.rungs[j][k]
	}
	end := t.end - back
	return t.buf[end-m : end]
}

// AppendState implements ta.State.
func (l *ladder) AppendState(b []byte) []byte {
	b = l.x.AppendState(b)
	for _, rung := range l.rungs {
		for k := range rung {
			b = rung[k].AppendState(b)
		}
	}
	return l.count.AppendState(b)
}

// Restore implements ta.State.
func (l *ladder) Restore(state []byte) (rest []byte, err error) {
	if state, err = l.x.Restore(state); err != nil {
		return nil, err
	}
	for _, rung := range l.rungs {
		for k := range rung {
			if state, err = rung[k].Restore(state); err != nil {
				return nil, err
			}
		}
	}
	return l.count.Restore(state)
}
