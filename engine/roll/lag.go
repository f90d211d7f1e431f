package roll

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

// Compare sets out to what op makes of each value and the one n bars before.
func (l *Lag) Compare(x, out []float64, op func(dst, a, b []float64)) int {
	m, near := len(x), (l.n+lanes-1)&^(lanes-1)
	if m > near {
		// Most values have their earlier ones in the same chunk.
		op(out[:near], x[:near], l.push(x[:near])[:near])
		op(out[near:], x[near:], x[near-l.n:m-l.n])
		copy(l.buf[l.end-l.n:], x[m-l.n:])
	} else {
		op(out, x, l.push(x)[:m])
	}
	lead := l.lead(m)
	Blank(lead, out)
	return lead
}
