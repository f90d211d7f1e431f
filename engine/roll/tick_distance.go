package roll

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// distanceTicker is a Distance with a body for one value: x and the step to it.
type distanceTicker interface {
	ta.Ticker
	tick(x, step float64) float64
}

func (d gapDistance) tick(_, step float64) float64 { return d.Tick(step) }

func (d *meanDistance) tick(_, step float64) float64 { return d.sum.Tick(step) }
func (d *meanDistance) Ready() bool                  { return d.first.Ready() && d.sum.Ready() }
func (d *meanDistance) Single()                      { d.sum.Single() }
func (d *meanDistance) Columns()                     { d.sum.Columns() }

// Ticks says whether c can take values one by one.
func (c *Convergence) Ticks() bool {
	fast, ok := c.fast.(distanceTicker)
	slow, too := c.slow.(distanceTicker)
	c.ticks = [2]distanceTicker{fast, slow}
	if f, ok := fast.(gapDistance); ok {
		if s, ok := slow.(gapDistance); ok {
			c.gaps = NewPair(f.Recurrence, s.Recurrence)
		}
	}
	return ok && too
}

// Ready implements ta.Ticker.
func (c *Convergence) Ready() bool {
	return c.steps.Ready() && c.wait[0].Ready() && c.wait[1].Ready() && c.ticks[0].Ready() && c.ticks[1].Ready()
}

// Single implements ta.Ticker; Ticks was asked before.
func (c *Convergence) Single() {
	if c.gaps != nil {
		c.gaps.Single()
		return
	}
	for _, d := range c.ticks {
		d.Single()
	}
}

// Columns implements ta.Ticker.
func (c *Convergence) Columns() {
	if c.gaps != nil {
		c.gaps.Columns()
		return
	}
	for _, d := range c.ticks {
		d.Columns()
	}
}

// Signals says whether c can take values one by one together with their signal.
func (c *Convergence) Signals() bool { return c.Ticks() && c.gaps != nil }

// TickSignal makes a tick of the difference of both averages, the average of the
// results, and how far they are above it. Both pulses have seen as many values, so
// they are at the same places. It is not to be in line: what the tick calls would be
// no more.
//
//go:noinline
func (c *Convergence) TickSignal(average *Recurrence) ta.Tick {
	p, q, steps := &c.gaps.pulse, &average.pulse, c.steps
	return func(x, _, _, _ float64) (apart, signal, above float64) {
		if ta.Hole(x) {
			return ta.NoValues()
		}
		i := p.i
		p.i, q.i = i+1, i+1
		gaps := p.ring.beat(i, p.a, p.ab, p.b2, p.b4, p.b8, twice(steps.Tick(x)))
		both := gaps.SelectFromPair(0, 2, gaps).Sub(gaps.SelectFromPair(1, 3, gaps))
		line := q.ring.beat(i, q.a, q.ab, q.b2, q.b4, q.b8, both)
		apart, signal = both.GetElem(0), line.GetElem(0)
		return apart, signal, apart - signal
	}
}

// Tick takes a value and returns the distances of both averages from it, fast and
// slow; what Next sets apart to is the one less the other.
func (c *Convergence) Tick(x float64) Two {
	step := c.steps.Tick(x)
	if c.gaps == nil {
		return c.tickEach(x, step)
	}
	return c.gaps.beat(twice(step))
}

//go:noinline
func (c *Convergence) tickEach(x, step float64) Two {
	return twoOf(c.ticks[0].tick(x, step), c.ticks[1].tick(x, step))
}
