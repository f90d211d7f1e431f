package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// trace is what values leave behind of which each bar a part b is kept, z = b·z + x,
// seeded by the sum of the first n. With b = 1 − 1/n, z/n is Wilder's average over n
// values.
//
// From four values after the seed it is computed in look-ahead form as Recurrence
// is, but half as far,
//
//	u[i] = x[i] + b·x[i−1],  z[i] = b⁴·z[i−4] + (u[i] + b²·u[i−2])
//
// which is the faster one beside other work. Then what waits for the one dependent
// step has something to wait beside, and half of the registers are free for it.
type trace struct {
	n         int
	b, b2, b4 float64
	seen      int     // values, at most n + glance − 1
	before    float64 // the last value
	u, z      [glance]float64
}

// glance is how far its look-ahead form reaches back.
const glance = 4

// newWilderTrace is that of Wilder's average over n values, 1 or more.
func newWilderTrace(n int) trace { return newTrace(n, 1-1/float64(n)) }

func newTrace(n int, b float64) trace {
	b2 := b * b
	return trace{n: n, b: b, b2: b2, b4: b2 * b2}
}

// runs says whether it has all that its look-ahead form reaches back to.
func (t *trace) runs() bool { return t.seen == t.n+glance-1 }

// next takes a value and returns the sum, which counts from the n-th value on.
func (t *trace) next(x float64) float64 {
	u := math.FMA(t.b, t.before, x)
	t.before = x
	return t.add(x, u)
}

// nextOf is next where x is the sum of another trace of the same b, and newest that
// one's newest value: the rest of x is b times the sum before.
func (t *trace) nextOf(x, newest float64) float64 { return t.add(x, x-newest+x) }

// add takes x and u.
func (t *trace) add(x, u float64) float64 {
	var z float64
	if t.runs() {
		z = math.FMA(t.b4, t.z[0], math.FMA(t.b2, t.u[glance-2], u))
	} else {
		keep := t.b
		if t.seen++; t.seen <= t.n {
			keep = 1
		}
		z = math.FMA(keep, t.z[glance-1], x)
	}
	t.u = [glance]float64{t.u[1], t.u[2], t.u[3], u}
	t.z = [glance]float64{t.z[1], t.z[2], t.z[3], z}
	return z
}

// AppendState implements ta.State.
func (t *trace) AppendState(b []byte) []byte {
	b = ta.AppendFloats(b, float64(t.seen), t.before)
	return ta.AppendFloats(ta.AppendFloats(b, t.u[:]...), t.z[:]...)
}

// Restore implements ta.State.
func (t *trace) Restore(state []byte) ([]byte, error) {
	var v [2 + 2*glance]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= float64(t.n+glance-1)) {
		return nil, ta.ErrState
	}
	t.seen, t.before = int(v[0]), v[1]
	copy(t.u[:], v[2:])
	copy(t.z[:], v[2+glance:])
	return rest, nil
}
