package roll

// Pick has one of the last n values, by its place among them.
type Pick struct {
	track
	count
}

// NewPick looks back on n values, 1 or more, the newest one among them.
func NewPick(n int) *Pick { return &Pick{newTrack(n), count{n - 1}} }

// Next sets out to the values of x at the places: 0 for the oldest of the last n,
// n−1 for the newest, as a Place has them.
func (p *Pick) Next(x, place, out []float64) int {
	w := p.push(x)
	lead := p.lead(len(x))
	for i := lead; i < len(x); i++ {
		out[i] = w[i+1+int(place[i])]
	}
	Blank(lead, out)
	return lead
}

// AppendState implements ta.State.
func (p *Pick) AppendState(b []byte) []byte { return appendStates(b, &p.track, &p.count) }

// Restore implements ta.State.
func (p *Pick) Restore(state []byte) ([]byte, error) { return restoreStates(state, &p.track, &p.count) }
