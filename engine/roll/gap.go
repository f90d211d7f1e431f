package roll

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
	seeding
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
	return &Gap{Recurrence: &Recurrence{powers: newPowers(-b, b), seed: 1, divisor: 1}, seeding: seeding{n: n}}
}

// Next sets out to the gaps for the steps of a series. The first step that it
// is ever given does not count.
func (g *Gap) Next(steps, out []float64) int {
	i := 0
	for ; i < len(steps) && !g.full(); i++ {
		g.take(steps[i])
		out[i] = nan
		if g.full() {
			g.seed[0] = g.gap()
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
func (g *Gap) AppendState(b []byte) []byte { return appendStates(b, &g.seeding, g.Recurrence) }

// Restore implements ta.State.
func (g *Gap) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &g.seeding, g.Recurrence)
}
