package roll

// gapTrace is a trace of the steps of a series, of which −b·z is how far an
// exponential average of the series is from its newest value, as Gap is. A step of the
// average is 1 − b of z: so the trace of a trace is that of an average of the average.
type gapTrace struct {
	trace
	wait count // for so many steps the average does not begin
	seed seeding
}

// newGapTrace is of the average that keeps a part b of itself and is seeded by the
// mean of the first n values, 1 or more, after some that do not count.
func newGapTrace(n, wait int, b float64) gapTrace {
	return gapTrace{trace: newTrace(1, b), wait: count{wait}, seed: seeding{n: n}}
}

// begun says whether it has results.
func (g *gapTrace) begun() bool { return g.seed.full() }

// next takes the step to a value, any finite one for the first that counts.
func (g *gapTrace) next(d float64) float64 {
	if g.seen > 0 {
		return g.trace.next(d)
	}
	return g.start(d)
}

// nextOf is next where the steps are the sums of another, as the trace's nextOf.
func (g *gapTrace) nextOf(x, newest float64) float64 {
	if g.seen > 0 {
		return g.trace.nextOf(x, newest)
	}
	return g.start(x)
}

// start takes a step before the trace has any. It is given its seed like a value: its
// look-ahead form does not reach back to what it makes of that besides.
func (g *gapTrace) start(d float64) float64 {
	if g.wait.lead(1) == 1 {
		return nan
	}
	if g.seed.take(d); !g.begun() {
		return nan
	}
	if g.b == 0 {
		return g.trace.next(0) // the average is the value
	}
	return g.trace.next(g.seed.gap() / -g.b)
}

// AppendState implements ta.State.
func (g *gapTrace) AppendState(b []byte) []byte {
	return appendStates(b, &g.seed, &g.wait, &g.trace)
}

// Restore implements ta.State.
func (g *gapTrace) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &g.seed, &g.wait, &g.trace)
}
