package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Gap is how far the exponential moving average over n bars, weight 2/(n+1), is
// from the value that it averages. It is made of the steps d alone,
//
//	gap[i] = b·gap[i−1] − b·d[i],  b = 1 − 2/(n+1)
//
// so the level of the series takes no part: of an unchanging one it is exactly
// 0, and the difference of two averages keeps the digits that it would lose as
// a difference of two prices.
type Gap struct {
	*Recurrence
	n    int     // how many values make the seed
	seen int     // steps seen, at most n
	sum  float64 // of the distances of all values so far to the newest
	seed [1]float64
}

// NewGap is of the average that is seeded by the mean of the first n values,
// 1 or more.
func NewGap(n int) *Gap { return newGap(n, 1-2/float64(n+1)) }

// NewGapFromFirst is of the average over n bars that is seeded by the first
// value alone: it has results from the first bar on.
func NewGapFromFirst(n int) *Gap { return newGap(1, 1-2/float64(n+1)) }

// newGap is of an average that keeps a part b of itself, seeded by n values.
func newGap(n int, b float64) *Gap {
	return &Gap{Recurrence: &Recurrence{powers: newPowers(-b, b), seed: 1, divisor: 1}, n: n}
}

// Next sets out to the gaps for the steps of a series. The first step that it
// is ever given does not count.
func (g *Gap) Next(steps, out []float64) int {
	i := 0
	for ; i < len(steps) && g.seen < g.n; i++ {
		g.sum -= float64(float64(g.seen) * steps[i])
		g.seen++
		out[i] = nan
		if g.seen == g.n {
			g.seed[0] = g.sum / float64(g.n)
			g.Recurrence.Next(g.seed[:], out[i:i+1])
			g.Recurrence.Next(steps[i+1:], out[i+1:])
			return i
		}
	}
	if i < len(steps) {
		g.Recurrence.Next(steps, out)
	}
	return i
}

// AppendState implements ta.State.
func (g *Gap) AppendState(b []byte) []byte {
	return g.Recurrence.AppendState(ta.AppendFloats(b, float64(g.seen), g.sum))
}

// Restore implements ta.State.
func (g *Gap) Restore(state []byte) ([]byte, error) {
	var v [2]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= float64(g.n)) {
		return nil, ta.ErrState
	}
	g.seen, g.sum = int(v[0]), v[1]
	return g.Recurrence.Restore(rest)
}
