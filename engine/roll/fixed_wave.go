package roll

import "math"

// FixedWave is the phase, as its sine and that of an eighth of a turn later, of
// the cycle of n bars in the last n values: the first line of their Fourier
// transform. Values are taken from the newest one, of which no cycle is made, so
// that a series that does not move has none, exactly; then both results are 0.
type FixedWave struct {
	track
	count
	cos, sin []float64 // of a bar, the newest first
}

// NewFixedWave looks at n values, 2 or more.
func NewFixedWave(n int) *FixedWave {
	w := &FixedWave{track: newTrack(n), count: count{n - 1}}
	for j := range n {
		turn := float64(2*math.Pi*float64(j)) / float64(n)
		w.cos, w.sin = append(w.cos, Cos(turn)), append(w.sin, Sin(turn))
	}
	return w
}

// Next sets sine and ahead to the sines.
func (w *FixedWave) Next(x, sine, ahead []float64) int {
	past := w.push(x)
	lead := w.lead(len(x))
	for i := lead; i < len(x); i++ {
		in, across := 0.0, 0.0
		window := past[i+1 : i+1+w.n]
		for j, c := range w.cos {
			d := window[w.n-1-j] - x[i]
			in, across = math.FMA(c, d, in), math.FMA(w.sin[j], d, across)
		}
		sine[i], ahead[i] = 0, 0
		if size := math.Sqrt(math.FMA(in, in, float64(across*across))); size != 0 {
			sine[i], ahead[i] = in/size, (in-across)/size*math.Sqrt2/2
		}
	}
	Blank(lead, sine, ahead)
	return lead
}

// AppendState implements ta.State.
func (w *FixedWave) AppendState(b []byte) []byte { return appendStates(b, &w.track, &w.count) }

// Restore implements ta.State.
func (w *FixedWave) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &w.track, &w.count)
}
