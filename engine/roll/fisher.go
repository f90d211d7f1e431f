package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Fisher smooths places in a range and transforms them so that they are spread
// like a normal distribution: its extremes are rare, and sharp.
type Fisher struct{ value, fish float64 }

// NewFisher begins with 0.
func NewFisher() *Fisher { return &Fisher{} }

// Next sets fisher to the transforms of the places of x in the ranges from low to
// high, the middle where they are Flat, and before to those of the bar before.
// before may be low.
func (f *Fisher) Next(x, low, high, fisher, before []float64) {
	for i, l := range low {
		place, h := 0.0, high[i] // from the middle
		if r := h - l; r > Flat*(math.Abs(h)+math.Abs(l)) {
			place = (x[i]-l)/r - 0.5
		}
		f.value = float64(0.66*place) + float64(0.67*f.value)
		switch {
		case f.value > 0.99:
			f.value = 0.999
		case f.value < -0.99:
			f.value = -0.999
		}
		before[i] = f.fish
		f.fish = float64(0.5*Log((1+f.value)/(1-f.value))) + float64(0.5*f.fish)
		fisher[i] = f.fish
	}
}

// AppendState implements ta.State.
func (f *Fisher) AppendState(b []byte) []byte { return ta.AppendFloats(b, f.value, f.fish) }

// Restore implements ta.State.
func (f *Fisher) Restore(state []byte) ([]byte, error) {
	var v [2]float64
	rest, err := ta.RestoreFloats(state, v[:])
	f.value, f.fish = v[0], v[1]
	return rest, err
}
