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
	m := len(out)
	factor(&out[0], c.price, price[0], c.volume, volume[0], c.sign)
	for i := factorsWide(price, volume, out, c.sign); i < m; i++ {
		factor(&out[i], price[i-1], price[i], volume[i-1], volume[i], c.sign)
	}
	for i, f := range out {
		c.index *= f
		out[i] = c.index
	}
	c.price, c.volume = price[m-1], volume[m-1]
}

// factor is what a bar multiplies the index by.
func factor(f *float64, before, price, volumeBefore, volume, sign float64) {
	*f = 1
	if before != 0 && (volume-volumeBefore)*sign > 0 {
		*f = price / before
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
