package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Cycling is one of Schaff's two stages: where a value is in the range of the
// last n, from 0 to 100, smoothed. While the range is Flat the place stays what
// it was, at first 0.
type Cycling struct {
	highest, lowest *Extremum
	factor          float64
	begun, place, y float64
	high, low       [ta.Tile]float64
}

// NewCycling looks at n values, 1 or more, and gives the newest place the weight
// factor.
func NewCycling(n int, factor float64) *Cycling {
	return &Cycling{highest: NewMax(n), lowest: NewMin(n), factor: factor}
}

// Next sets out to the smoothed places.
func (c *Cycling) Next(x, out []float64) int {
	high, low := c.high[:len(x)], c.low[:len(x)]
	c.highest.Next(x, high)
	lead := c.lowest.Next(x, low)
	for i := lead; i < len(x); i++ {
		h, l := high[i], low[i]
		if r := h - l; r > Flat*(math.Abs(h)+math.Abs(l)) {
			c.place = float64(100 * ((x[i] - l) / r)) // rounded, for what follows is not to be fused
		}
		if c.begun == 0 {
			c.begun, c.y = 1, c.place
		} else {
			c.y += float64(c.factor * (c.place - c.y))
		}
		out[i] = c.y
	}
	Blank(lead, out)
	return lead
}

// AppendState implements ta.State.
func (c *Cycling) AppendState(b []byte) []byte {
	return ta.AppendFloats(appendStates(b, c.highest, c.lowest), c.begun, c.place, c.y)
}

// Restore implements ta.State.
func (c *Cycling) Restore(state []byte) ([]byte, error) {
	rest, err := restoreStates(state, c.highest, c.lowest)
	var v [3]float64
	if err == nil {
		rest, err = ta.RestoreFloats(rest, v[:])
	}
	c.begun, c.place, c.y = v[0], v[1], v[2]
	return rest, err
}
