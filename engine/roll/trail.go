package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Trail is a stop that follows the price on one side and jumps to the other when
// the price crosses it. The upper band only falls and the lower one only rises,
// until the price has closed beyond them.
type Trail struct {
	seen                bool
	upper, lower, close float64 // of the bar before
	trend               float64
}

// NewTrail begins in a rising trend.
func NewTrail() *Trail { return &Trail{trend: 1} }

// Next sets stop to the lower band in a rising trend and to the upper one in a
// falling trend, and trend to 1 or −1.
func (t *Trail) Next(upper, lower, close, stop, trend []float64) {
	for i, c := range close {
		t.next(upper[i], lower[i], c)
		stop[i], trend[i] = t.lower, t.trend
		if t.trend < 0 {
			stop[i] = t.upper
		}
	}
}

// next takes one bar.
func (t *Trail) next(up, down, close float64) {
	if t.seen {
		up = pick(t.close > t.upper, up, pick(up < t.upper, up, t.upper))
		down = pick(t.close < t.lower, down, pick(down > t.lower, down, t.lower))
		switch {
		case t.trend > 0 && close < down:
			t.trend = -1
		case t.trend < 0 && close > up:
			t.trend = 1
		}
	}
	t.seen, t.upper, t.lower, t.close = true, up, down, close
}

// AppendState implements ta.State.
func (t *Trail) AppendState(b []byte) []byte {
	seen := 0.0
	if t.seen {
		seen = 1
	}
	return ta.AppendFloats(b, seen, t.upper, t.lower, t.close, t.trend)
}

// Restore implements ta.State.
func (t *Trail) Restore(state []byte) ([]byte, error) {
	var v [5]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] == 0 || v[0] == 1) {
		return nil, ta.ErrState
	}
	t.seen, t.upper, t.lower, t.close, t.trend = v[0] == 1, v[1], v[2], v[3], v[4]
	return rest, nil
}
