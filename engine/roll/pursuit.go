package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Pursuit is an average that goes a part of the way to each value, the part being
// the value's own. It starts from the value before the first result.
type Pursuit struct {
	last
	y, begun float64
}

// NewPursuit has no result for the first n values, 1 or more.
func NewPursuit(n int) *Pursuit { return &Pursuit{last: last{count: count{n}}} }

// Next sets out to the results for parts that are looked at from the lead on.
func (p *Pursuit) Next(x, parts, out []float64) int {
	lead := p.lead(len(x))
	for i, v := range x {
		if i >= lead {
			if p.begun == 0 {
				p.begun, p.y = 1, p.value
			}
			p.y += float64(parts[i] * (v - p.y))
			out[i] = p.y
		}
		p.value = v
	}
	Blank(lead, out)
	return lead
}

// AppendState implements ta.State.
func (p *Pursuit) AppendState(b []byte) []byte {
	return ta.AppendFloats(p.last.AppendState(b), p.y, p.begun)
}

// Restore implements ta.State.
func (p *Pursuit) Restore(state []byte) ([]byte, error) {
	rest, err := p.last.Restore(state)
	var v [2]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, v[:])
	}
	p.y, p.begun = v[0], v[1]
	return rest, err
}
