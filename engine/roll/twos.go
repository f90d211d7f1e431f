package roll

// twos computes an associative operation over windows of n values, as a ladder
// does, but its rungs are twos: rung k holds the operation over the last 2^k
// values, made of two values of the rung below, and a window is put together
// from the rungs that n has as binary digits, the newest first.
//
// It takes about twice the passes of a ladder, and each of them is the same one:
// two columns of blocks to one. So an operation with many columns is one loop,
// where a ladder needs one for its foot, one for its rungs and one for its
// pieces.
type twos struct {
	n     int
	rungs rungs // from rung 0 on
	merge merge2
	count

	dst, newer, older, out [][]float64 // headers of columns, kept to spare allocations
}

// merge2 puts each newer block, of a values, after the older one, of b values.
// dst may be newer.
type merge2 func(dst, newer, older [][]float64, a, b int)

// newTwos is over n values, 1 or more, each of so many columns.
func newTwos(n, columns int, merge merge2) twos {
	p := twos{n: n, merge: merge, count: count{n - 1}}
	for size := 1; size <= n; size *= 2 {
		back := size
		if 2*size > n {
			back = n - size
		}
		p.rungs.add(columns, back)
	}
	headers := make([][]float64, 3*columns)
	p.dst, p.newer, p.older = headers[:columns], headers[columns:2*columns], headers[2*columns:]
	return p
}

// room is where the next m values are put before next, column by column: what
// the operation is over one value.
func (p *twos) room(c, m int) []float64 { return p.rungs[0][c].room(m) }

// column is column c of rung k for the newest m values, each as it was back bars
// before.
func (p *twos) column(k, c, m, back int) []float64 {
	return p.rungs[k][c].past(m, back)
}

// past sets columns to all those of rung k.
func (p *twos) past(columns [][]float64, k, m, back int) [][]float64 {
	for c := range columns {
		columns[c] = p.column(k, c, m, back)
	}
	return columns
}

// lift makes the rungs for the m values that are in the room.
func (p *twos) lift(m int) {
	for k := 1; k < len(p.rungs); k++ {
		for c := range p.dst {
			p.dst[c] = p.rungs[k][c].room(m)
		}
		size := 1 << (k - 1)
		p.merge(p.dst, p.past(p.newer, k-1, m, 0), p.past(p.older, k-1, m, size), size, size)
	}
}

// next sets out to the results for the values that are in the room.
func (p *twos) next(columns ...[]float64) int {
	p.out = append(p.out[:0], columns...)
	out, m := p.out, len(columns[0])
	p.lift(m)
	merged := 0 // how many of the window's values
	for k := range p.rungs {
		size := 1 << k
		switch {
		case p.n&size == 0:
			continue
		case merged == 0:
			for c := range out {
				copy(out[c], p.column(k, c, m, 0))
			}
		default:
			p.merge(out, out, p.past(p.older, k, m, merged), merged, size)
		}
		merged += size
	}
	lead := p.lead(m)
	Blank(lead, out...)
	return lead
}

// AppendState implements ta.State.
func (p *twos) AppendState(b []byte) []byte { return appendStates(b, &p.rungs, &p.count) }

// Restore implements ta.State.
func (p *twos) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &p.rungs, &p.count)
}
