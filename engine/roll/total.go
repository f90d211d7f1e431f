package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Total is the sum of all values so far. What rounding takes from it is added up
// beside it (Neumaier, ZAMM 54, 1974): so it does not drift in a million bars, and
// a spike that has come and gone again leaves nothing behind.
type Total struct{ sum, lost float64 }

// NewTotal begins with 0.
func NewTotal() *Total { return &Total{} }

// Next sets out to the sums.
func (t *Total) Next(x, out []float64) int {
	sum, lost := t.sum, t.lost
	for i, v := range x {
		s := sum + v
		added := s - sum
		lost += (sum - (s - added)) + (v - added)
		sum = s
		out[i] = sum + lost
	}
	t.sum, t.lost = sum, lost
	return 0
}

// NextBetween sets out to the sums of how far it is from one column to another.
// What rounding takes from a difference is added up, too.
func (t *Total) NextBetween(from, to, out []float64) int {
	sum, lost := t.sum, t.lost
	for i, v := range to {
		w := from[i]
		d := v - w
		part := d - v
		lost += (v - (d - part)) - (w + part)
		s := sum + d
		added := s - sum
		lost += (sum - (s - added)) + (d - added)
		sum = s
		out[i] = sum + lost
	}
	t.sum, t.lost = sum, lost
	return 0
}

// AppendState implements ta.State.
func (t *Total) AppendState(b []byte) []byte { return ta.AppendFloats(b, t.sum, t.lost) }

// Restore implements ta.State.
func (t *Total) Restore(state []byte) ([]byte, error) {
	var v [2]float64
	rest, err := ta.RestoreFloats(state, v[:])
	t.sum, t.lost = v[0], v[1]
	return rest, err
}
