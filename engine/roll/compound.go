package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Compound multiplies an index by the price's change on bars of falling volume,
// or of rising volume, and keeps it on the others and after a price of 0.
type Compound struct {
	sign                 float64 // of the volume's step that counts
	price, volume, index float64 // the last ones
}

// NewFalling begins with first and counts bars whose volume is below that of
// the bar before.
func NewFalling(first float64) *Compound { return &Compound{-1, 0, 0, first} }

// NewRising begins with first and counts bars whose volume is above that of the
// bar before.
func NewRising(first float64) *Compound { return &Compound{1, 0, 0, first} }

// Next sets out to the index.
func (c *Compound) Next(price, volume, out []float64) {
	for i, p := range price {
		v := volume[i]
		factors, k := [...]float64{1, p / c.price}, 0
		if c.price != 0 && (v-c.volume)*c.sign > 0 {
			k = 1
		}
		c.index *= factors[k]
		c.price, c.volume, out[i] = p, v, c.index
	}
}

// AppendState implements ta.State.
func (c *Compound) AppendState(b []byte) []byte {
	return ta.AppendFloats(b, c.price, c.volume, c.index)
}

// Restore implements ta.State.
func (c *Compound) Restore(state []byte) ([]byte, error) {
	var v [3]float64
	rest, err := ta.RestoreFloats(state, v[:])
	c.price, c.volume, c.index = v[0], v[1], v[2]
	return rest, err
}
