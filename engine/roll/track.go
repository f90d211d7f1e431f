package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// track keeps the last n values of a column next to the newest chunk, so that
// a calculation can look back past the chunk's beginning. It moves its memory
// only when it is full, so a bar costs the same however long the window is.
type track struct {
	n, end int
	buf    []float64
}

// newTrack starts with n zeros behind it. What follows them begins at a multiple
// of lanes, as long as the chunks do: a vector is stored slower where it spans
// two lines of the cache.
func newTrack(n int) track {
	begin := (n + lanes - 1) &^ (lanes - 1)
	return track{n: n, end: begin, buf: make([]float64, begin+max(n, ta.Tile))}
}

// window makes room for m more values and returns the last n before them and
// the room, in one slice of n+m. The caller fills the room.
func (t *track) window(m int) []float64 {
	if t.end+m > len(t.buf) {
		t.rewind()
	}
	t.end += m
	return t.buf[t.end-m-t.n : t.end]
}

// rewind moves the last n values to the beginning.
func (t *track) rewind() {
	begin := (t.n + lanes - 1) &^ (lanes - 1)
	copy(t.buf[begin-t.n:begin], t.buf[t.end-t.n:t.end])
	t.end = begin
}

// room is where the next m values are put.
func (t *track) room(m int) []float64 { return t.window(m)[t.n:] }

// drop takes back the newest m values, which came with the last room.
func (t *track) drop(m int) { t.end -= m }

// push appends x and returns the last n values before it and x, in one slice.
func (t *track) push(x []float64) []float64 {
	w := t.window(len(x))
	copy(w[t.n:], x)
	return w
}

// over returns the values of x from the given one on, up to another, with the n
// values before them in one slice: the first of a long chunk next to the end of
// the one before, the others where they are, uncopied. The call for the last
// ones keeps what the next chunk looks back on.
//
//	for from, to := 0, 0; from < len(x); from = to {
//		w, to = t.over(x, from)
//	}
func (t *track) over(x []float64, from int) (w []float64, to int) {
	m := len(x)
	if from > 0 {
		copy(t.room(t.n), x[m-t.n:])
		return x[from-t.n:], m
	}
	if to = m; m > 4*t.n+lanes {
		to = t.n&^(lanes-1) + lanes
	}
	return t.push(x[:to]), to
}

// back takes back what came with over since the end was the given one. The values
// before are there even if a rewind was between: a track that is for over looks
// back on few values, and has room for many.
func (t *track) back(end int) { t.end = end }

// past is the newest m values, each as it was back bars before.
func (t *track) past(m, back int) []float64 { return t.buf[t.end-back-m : t.end-back] }

// AppendState appends the n values.
func (t *track) AppendState(b []byte) []byte { return ta.AppendFloats(b, t.past(t.n, 0)...) }

// Restore takes the n values back.
func (t *track) Restore(state []byte) ([]byte, error) {
	t.rewind()
	return ta.RestoreFloats(state, t.past(t.n, 0))
}
