package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// track keeps the last n values of a column next to the newest chunk, so that
// a calculation can look back past the chunk's beginning. It moves its memory
// only when it is full, so a bar costs the same however long the window is.
type track struct {
	n, end int
	buf    []float64
}

// newTrack starts with n zeros behind it.
func newTrack(n int) track {
	return track{n: n, end: n, buf: make([]float64, n+max(n, ta.Tile))}
}

// window makes room for m more values and returns the last n before them and
// the room, in one slice of n+m. The caller fills the room.
func (t *track) window(m int) []float64 {
	if t.end+m > len(t.buf) {
		copy(t.buf, t.buf[t.end-t.n:t.end])
		t.end = t.n
	}
	t.end += m
	return t.buf[t.end-m-t.n : t.end]
}

// push appends x and returns the last n values before it and x, in one slice.
func (t *track) push(x []float64) []float64 {
	w := t.window(len(x))
	copy(w[t.n:], x)
	return w
}

// AppendState appends the n values.
func (t *track) AppendState(b []byte) []byte {
	return ta.AppendFloats(b, t.buf[t.end-t.n:t.end]...)
}

// Restore takes the n values back.
func (t *track) Restore(state []byte) ([]byte, error) {
	t.end = t.n
	return ta.RestoreFloats(state, t.buf[:t.n])
}

// count counts values up to the one from which a calculation has results.
type count struct{ missing int }

// lead takes m more values and says how many of them come before the first
// result.
func (c *count) lead(m int) int {
	k := min(c.missing, m)
	c.missing -= k
	return k
}

// AppendState appends how many values are missing.
func (c *count) AppendState(b []byte) []byte { return ta.AppendFloats(b, float64(c.missing)) }

// Restore takes it back.
func (c *count) Restore(state []byte) ([]byte, error) {
	var v [1]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= 1<<40) {
		return nil, ta.ErrState
	}
	c.missing = int(v[0])
	return rest, nil
}

// appendStates and restoreStates chain the parts of a larger calculation.
func appendStates(b []byte, parts ...ta.State) []byte {
	for _, p := range parts {
		b = p.AppendState(b)
	}
	return b
}

func restoreStates(state []byte, parts ...ta.State) (rest []byte, err error) {
	for _, p := range parts {
		if state, err = p.Restore(state); err != nil {
			return nil, err
		}
	}
	return state, nil
}

// Lag gives the value of n bars before.
type Lag struct {
	track
	count
}

// NewLag looks back n bars, 1 or more.
func NewLag(n int) *Lag { return &Lag{newTrack(n), count{n}} }

// Next sets out to the values of x n bars before.
func (l *Lag) Next(x, out []float64) int {
	copy(out, l.push(x)[:len(x)])
	lead := l.lead(len(x))
	Blank(lead, out)
	return lead
}

// AppendState implements ta.State.
func (l *Lag) AppendState(b []byte) []byte { return appendStates(b, &l.track, &l.count) }

// Restore implements ta.State.
func (l *Lag) Restore(state []byte) ([]byte, error) { return restoreStates(state, &l.track, &l.count) }
