package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Decay follows a series up at once and lets go of its peaks slowly: a result is
// the value, or what is left of the result before, keep times it less loss,
// where that is more.
type Decay struct{ keep, loss, seen, y float64 }

// NewDecay has results from the first value on.
func NewDecay(keep, loss float64) *Decay { return &Decay{keep: keep, loss: loss} }

// Next sets out to the results.
func (d *Decay) Next(x, out []float64) int {
	for i, v := range x {
		if left := float64(d.keep*d.y) - d.loss; d.seen == 0 || v > left {
			d.y = v
		} else {
			d.y = left
		}
		d.seen, out[i] = 1, d.y
	}
	return 0
}

// AppendState implements ta.State.
func (d *Decay) AppendState(b []byte) []byte { return ta.AppendFloats(b, d.seen, d.y) }

// Restore implements ta.State.
func (d *Decay) Restore(state []byte) ([]byte, error) {
	var v [2]float64
	rest, err := ta.RestoreFloats(state, v[:])
	d.seen, d.y = v[0], v[1]
	return rest, err
}
