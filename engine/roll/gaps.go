package roll

// Gaps is how far two exponential averages of one series are from its newest value,
// each as Gap is: −b·z, where z is a trace of the steps.
type Gaps struct {
	lastTwo
	fast, slow gapTrace
	both       traces // fast and slow, for Tick
	minus      Two    // −b of both
}

// newGaps is of two averages, the seed of each being of the first values after some
// that do not count.
func newGaps(fast *Gap, fastWait int, slow *Gap, slowWait int) *Gaps {
	return &Gaps{
		lastTwo: lastTwo{last: newLast()},
		fast:    newGapTrace(fast.n, fastWait, fast.b),
		slow:    newGapTrace(slow.n, slowWait, slow.b),
	}
}

// Next sets apart to the fast gap less the slow one, and slow to that one.
func (g *Gaps) Next(x, apart, slow []float64) (lead int) {
	i := 0
	for ; i < len(x) && !g.runs(); i++ {
		apart[i], slow[i] = g.next(x[i])
		if !g.fast.begun() || !g.slow.begun() {
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

func (g *Gaps) runs() bool { return g.fast.runs() && g.slow.runs() }

func (g *Gaps) next(x float64) (apart, slow float64) {
	d := g.stepOrNone(x)
	fast, slow := float64(-g.fast.b*g.fast.next(d)), float64(-g.slow.b*g.slow.next(d))
	return fast - slow, slow
}

// AppendState implements ta.State.
func (g *Gaps) AppendState(b []byte) []byte { return appendStates(b, &g.lastTwo, &g.fast, &g.slow) }

// Restore implements ta.State.
func (g *Gaps) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &g.lastTwo, &g.fast, &g.slow)
}
