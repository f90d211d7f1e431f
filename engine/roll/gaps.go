package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Gaps is how far two exponential averages of one series are from its newest value,
// each as Gap is: −b·z, where z is a trace of the steps.
type Gaps struct {
	lastTwo
	fast, slow side
	both       traces // fast and slow, for Tick
	minus      Two    // −b of both
}

// side is one of two gaps.
type side struct {
	wait  count   // for so many steps the average does not begin
	n     int     // how many values make its seed
	seen  int     // of them
	sum   float64 // of the distances of all values so far to the newest
	trace trace
}

// newGaps is of two averages, the seed of each being of the first values after some
// that do not count.
func newGaps(fast *Gap, fastWait int, slow *Gap, slowWait int) *Gaps {
	of := func(g *Gap, wait int) side { return side{wait: count{wait}, n: g.n, trace: newTrace(1, g.b)} }
	return &Gaps{lastTwo: lastTwo{last: newLast()}, fast: of(fast, fastWait), slow: of(slow, slowWait)}
}

// Next sets apart to the fast gap less the slow one, and slow to that one.
func (g *Gaps) Next(x, apart, slow []float64) (lead int) {
	i := 0
	for ; i < len(x) && !g.runs(); i++ {
		apart[i], slow[i] = g.next(x[i])
		if g.fast.seen < g.fast.n || g.slow.seen < g.slow.n {
			lead = i + 1
		}
	}
	i += g.nextWide(x[i:], apart[i:], slow[i:])
	for ; i < len(x); i++ {
		apart[i], slow[i] = g.next(x[i])
	}
	Blank(lead, apart, slow)
	return lead
}

// Watch is Next for whole pairs of vectors that may have holes: it returns false, with
// g as it was, where it met one, or cannot tell.
func (g *Gaps) Watch(x, apart, slow []float64) bool {
	return g.runs() && g.nextWide(x, apart, slow) == len(x)
}

func (g *Gaps) runs() bool { return g.fast.trace.runs() && g.slow.trace.runs() }

func (g *Gaps) next(x float64) (apart, slow float64) {
	d := g.step(x)
	if g.lead(1) == 1 {
		d = 0
	}
	fast, slow := g.fast.next(d), g.slow.next(d)
	return fast - slow, slow
}

// next takes the step to a value, any finite one for the first that counts. The trace
// is given its seed like a value: its look-ahead form does not reach back to what it
// makes of that besides.
func (s *side) next(d float64) float64 {
	switch {
	case s.wait.lead(1) == 1:
		return nan
	case s.seen < s.n:
		s.sum -= float64(float64(s.seen) * d)
		if s.seen++; s.seen < s.n {
			return nan
		}
		d = s.sum / float64(s.n) / -s.trace.b
	}
	return float64(-s.trace.b * s.trace.next(d))
}

// AppendState implements ta.State.
func (g *Gaps) AppendState(b []byte) []byte { return appendStates(b, &g.lastTwo, &g.fast, &g.slow) }

// Restore implements ta.State.
func (g *Gaps) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &g.lastTwo, &g.fast, &g.slow)
}

// AppendState implements ta.State.
func (s *side) AppendState(b []byte) []byte {
	return appendStates(ta.AppendFloats(b, float64(s.seen), s.sum), &s.wait, &s.trace)
}

// Restore implements ta.State.
func (s *side) Restore(state []byte) ([]byte, error) {
	var v [2]float64
	rest, err := ta.RestoreFloats(state, v[:])
	if err != nil || !(v[0] >= 0 && v[0] <= float64(s.n)) {
		return nil, ta.ErrState
	}
	s.seen, s.sum = int(v[0]), v[1]
	return restoreStates(rest, &s.wait, &s.trace)
}
