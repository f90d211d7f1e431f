package roll

// A ladder computes an associative operation over windows of n values without
// a running total, so a result depends on the values in its window alone:
// nothing drifts, and a spike that has left is forgotten.
//
// Rung k holds, for each bar, the operation over the last 8^k values; it is made
// of eight values of the rung below, in pairs, pairs of pairs, and the two
// halves. A window is put together from pieces of the rungs, the newest first:
// its rest, the newest n mod 8 values, as many pieces of 8 as the next octal
// digit of n says, and so on. A bar takes some log n operations, all of them
// between columns.
//
// The foot of a ladder makes rung 1 and the rest in one pass over the values:
// four of them, then two before, then one, as many as there are.
type ladder struct {
	n, rest int
	x       track // the values, with the footing of the first result
	rungs   rungs // from rung 1 on
	plan    []piece
	count
}

// piece is a part of the window, of the size of a rung.
type piece struct{ rung, back int }

// footing is how many values before a bar the foot of a ladder looks back on.
const footing = 7

// newLadder is over n values, 1 or more; each rung has so many columns.
func newLadder(n, columns int) ladder {
	l := ladder{n: n, rest: n & 7}
	back := l.rest
	for k := 1; 1<<(3*k) <= n; k++ {
		for range n >> (3 * k) & 7 {
			l.plan = append(l.plan, piece{k, back})
			back += 1 << (3 * k)
		}
	}
	return l.build(columns)
}

// newCover is over n values as newLadder, for an operation that may meet a value
// twice: its pieces are of the highest rung, and the last one overlaps the one
// before it.
func newCover(n, columns int) ladder {
	l := ladder{n: n}
	if n <= footing {
		l.rest = n
		return l.build(columns)
	}
	k, size := 1, 8
	for 8*size <= n {
		k, size = k+1, 8*size
	}
	for back := 0; back < n; back += size {
		l.plan = append(l.plan, piece{k, min(back, n-size)})
	}
	return l.build(columns)
}

// build makes the tracks for what the plan and the next rung look back on.
func (l ladder) build(columns int) ladder {
	l.x, l.count = newTrack(footing), count{l.n - 1}
	for k := 1; 1<<(3*k) <= l.n; k++ {
		back := 0
		if 8<<(3*k) <= l.n {
			back = 7 << (3 * k)
		}
		for _, p := range l.plan {
			if p.rung == k {
				back = max(back, p.back)
			}
		}
		l.rungs.add(columns, back)
	}
	return l
}

// room is what column c of rung k gets for the next m values; nothing where the
// window is too short for that rung.
func (l *ladder) room(k, c, m int) []float64 {
	if k > len(l.rungs) {
		return nil
	}
	return l.rungs[k-1][c].room(m)
}

// undo takes back what the foot made of m values, the track's end being another
// before.
func (l *ladder) undo(end, m int) {
	l.x.back(end)
	l.rungs[:min(1, len(l.rungs))].drop(m)
}

// past is column c of rung k for the newest m values, each as it was back bars
// before.
func (l *ladder) past(k, c, m, back int) []float64 {
	return l.rungs[k-1][c].past(m, back)
}

// octet are the eight columns that rung k is made of, the oldest first.
type octet [8][]float64

func (l *ladder) below(k, c, m int) (o octet) {
	for i := range o {
		o[i] = l.past(k-1, c, m, (7-i)<<(3*(k-1)))
	}
	return o
}

// AppendState implements ta.State.
func (l *ladder) AppendState(b []byte) []byte { return appendStates(b, &l.x, &l.rungs, &l.count) }

// Restore implements ta.State.
func (l *ladder) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &l.x, &l.rungs, &l.count)
}
