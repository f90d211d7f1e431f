package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// fading is y = keep·y + add, where both coefficients are the bar's own: an
// exponential average whose weight changes. It is computed in look-ahead form,
//
//	k₂[i] = keep[i]·keep[i−1],  a₂[i] = keep[i]·add[i−1] + add[i]
//	k₄[i] = k₂[i]·k₂[i−2],      a₄[i] = k₂[i]·a₂[i−2] + a₂[i]
//	y[i] = k₄[i]·y[i−4] + a₄[i]
//
// the same recurrence with one dependent step for four bars, as in Recurrence.
// A bar of keep 0 and add v begins it anew, with v.
type fading struct {
	keep, add track
	y         [lanes]float64 // the last results, oldest first
}

// newFading begins with 0.
func newFading() *fading {
	return &fading{keep: newTrack(lanes), add: newTrack(lanes)}
}

// room is where the coefficients of the next m bars are put before next.
func (f *fading) room(m int) (keep, add []float64) {
	return f.keep.room(m), f.add.room(m)
}

// next sets out to the results of the bars whose coefficients are in the room.
func (f *fading) next(out []float64) {
	m := len(out)
	k, a := f.keep.past(lanes+m, 0), f.add.past(lanes+m, 0)
	i := fadeWide(out, k, a, &f.y)
	for ; i < m; i++ {
		w, v := k[i+1:i+5:i+5], a[i+1:i+5:i+5]
		k2, a2 := w[3]*w[2], math.FMA(w[3], v[2], v[3])
		k4, a4 := k2*(w[1]*w[0]), math.FMA(k2, math.FMA(w[1], v[0], v[1]), a2)
		y := math.FMA(k4, f.y[0], a4)
		copy(f.y[:], f.y[1:])
		f.y[3], out[i] = y, y
	}
}

// AppendState implements ta.State.
func (f *fading) AppendState(b []byte) []byte {
	return ta.AppendFloats(appendStates(b, &f.keep, &f.add), f.y[:]...)
}

// Restore implements ta.State.
func (f *fading) Restore(state []byte) ([]byte, error) {
	rest, err := restoreStates(state, &f.keep, &f.add)
	if err != nil {
		return nil, err
	}
	return ta.RestoreFloats(rest, f.y[:])
}
