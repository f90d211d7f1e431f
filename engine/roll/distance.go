package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Distance is how far a moving average is from the newest value of the series,
// average less value. Those that are made of the steps alone, as Gap is, are
// exactly 0 where the series does not move, and keep the digits that the
// difference of two prices would lose.
type Distance interface {
	ta.State
	// Next sets out to the distances from x, whose steps it is also given. The
	// first step of all does not count.
	Next(x, steps, out []float64) int
}

// NewDistance is that of a moving average as NewAverage makes it.
func NewDistance(kind string, n int) Distance {
	switch {
	case n == 1:
	case kind == "ema":
		return gapDistance{NewGap(n)}
	case kind == "sma" || kind == "default":
		return &meanDistance{first: NewSkip(1), sum: NewWeighted(n-1, 1, 0, -float64(n))}
	}
	return averageDistance{NewAverage(kind, n)}
}

// NewDistanceOfWeight is that of an exponential average whose newest value has
// the given weight, seeded by the mean of the first n.
func NewDistanceOfWeight(n int, weight float64) Distance {
	return gapDistance{newGap(n, 1-weight)}
}

type gapDistance struct{ *Gap }

func (d gapDistance) Next(_, steps, out []float64) int { return d.Gap.Next(steps, out) }

// meanDistance is that of the mean of n values: the steps between them, each
// times the number of values that are older, divided by n.
type meanDistance struct {
	first *Skip
	sum   *Weighted
}

func (d *meanDistance) Next(_, steps, out []float64) int {
	lead := d.first.Next(len(steps))
	if lead < len(steps) {
		lead += d.sum.Next(steps[lead:], out[lead:])
	}
	Blank(lead, out)
	return lead
}
func (d *meanDistance) AppendState(b []byte) []byte { return appendStates(b, d.first, d.sum) }
func (d *meanDistance) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, d.first, d.sum)
}

type averageDistance struct{ Average }

func (d averageDistance) Next(x, _, out []float64) int {
	lead := d.Average.Next(x, out)
	Sub(out[lead:], out[lead:], x[lead:])
	return lead
}

// Convergence is a fast moving average less a slow one.
type Convergence struct {
	gaps       *Gaps // where both are exponential; then there is nothing else
	steps      *Steps
	fast, slow Distance
	wait       [2]*Skip
	step       []float64
	ticks      [2]distanceTicker // fast and slow, for Tick
}

// NewConvergence is of two averages as NewAverage makes them, each seeded by the
// first values.
func NewConvergence(fastKind string, fast int, slowKind string, slow int) *Convergence {
	return NewConvergenceOf(NewDistance(fastKind, fast), 0, NewDistance(slowKind, slow), 0)
}

// NewAlignedConvergence is of two averages that are seeded so that they have
// their first values at one bar.
func NewAlignedConvergence(fastKind string, fast int, slowKind string, slow int) *Convergence {
	return NewConvergenceOf(
		NewDistance(fastKind, fast), AverageLead(fastKind, fast),
		NewDistance(slowKind, slow), AverageLead(slowKind, slow))
}

// NewConvergenceOf is of two averages by their distances, which are aligned by
// what is given as their leads.
func NewConvergenceOf(fast Distance, fastLead int, slow Distance, slowLead int) *Convergence {
	lead := max(fastLead, slowLead)
	if f, ok := fast.(gapDistance); ok {
		if s, ok := slow.(gapDistance); ok {
			return &Convergence{gaps: newGaps(f.Gap, lead-fastLead, s.Gap, lead-slowLead)}
		}
	}
	return &Convergence{
		steps: NewSteps(), fast: fast, slow: slow, step: make([]float64, ta.Tile),
		wait: [2]*Skip{NewSkip(lead - fastLead), NewSkip(lead - slowLead)},
	}
}

// Next sets apart to fast less slow, and slow to the distance of the slow
// average from x.
func (c *Convergence) Next(x, apart, slow []float64) int {
	if c.gaps != nil {
		return c.gaps.Next(x, apart, slow)
	}
	step := c.step[:len(x)]
	c.steps.Next(x, step)
	return c.NextOfSteps(x, step, apart, slow)
}

// Watch is Next for whole pairs of vectors that may have holes: it is not ok, with c
// as it was, where it met one, or cannot tell.
func (c *Convergence) Watch(x, apart, slow []float64) (lead int, ok bool) {
	if c.gaps != nil {
		return 0, c.gaps.Watch(x, apart, slow)
	}
	step := c.step[:len(x)]
	if !c.steps.Watch(x, step) {
		return 0, false
	}
	return c.NextOfSteps(x, step, apart, slow), true
}

// NextOfSteps is Next of a series whose steps are known better than x tells, for
// averages that are not both exponential.
func (c *Convergence) NextOfSteps(x, step, apart, slow []float64) int {
	lead := c.wait[0].Next(len(x))
	if lead < len(x) {
		lead += c.fast.Next(x[lead:], step[lead:], apart[lead:])
	}
	late := c.wait[1].Next(len(x))
	if late < len(x) {
		late += c.slow.Next(x[late:], step[late:], slow[late:])
	}
	lead = max(lead, late)
	Sub(apart[lead:], apart[lead:], slow[lead:])
	Blank(lead, apart, slow)
	return lead
}

// AppendState implements ta.State.
func (c *Convergence) AppendState(b []byte) []byte {
	if c.gaps != nil {
		return c.gaps.AppendState(b)
	}
	return appendStates(b, c.steps, c.wait[0], c.wait[1], c.fast, c.slow)
}

// Restore implements ta.State.
func (c *Convergence) Restore(state []byte) ([]byte, error) {
	if c.gaps != nil {
		return c.gaps.Restore(state)
	}
	return restoreStates(state, c.steps, c.wait[0], c.wait[1], c.fast, c.slow)
}
