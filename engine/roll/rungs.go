package roll

// rungs are what the windows of a ladder are put together from. Each rung has a
// track for each of its columns: what is known, at each bar, of the block of
// values that ends there. The blocks of a rung are larger than those of the one
// below it.
type rungs [][]track

// add puts a rung of so many columns on top, which is looked back on so far.
func (r *rungs) add(columns, back int) {
	tracks := make([]track, columns)
	for c := range tracks {
		tracks[c] = newTrack(back)
	}
	*r = append(*r, tracks)
}

// drop takes back the newest m values of each column, which came with the last room.
func (r rungs) drop(m int) {
	for _, rung := range r {
		for c := range rung {
			rung[c].drop(m)
		}
	}
}

// AppendState implements ta.State.
func (r rungs) AppendState(b []byte) []byte {
	for _, rung := range r {
		for c := range rung {
			b = rung[c].AppendState(b)
		}
	}
	return b
}

// Restore implements ta.State.
func (r rungs) Restore(state []byte) (rest []byte, err error) {
	for _, rung := range r {
		for c := range rung {
			if state, err = rung[c].Restore(state); err != nil {
				return nil, err
			}
		}
	}
	return state, nil
}
