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
	if c.gaps != nil {
		return true
	}
	fast, ok := c.fast.(distanceTicker)
	slow, too := c.slow.(distanceTicker)
	c.ticks = [2]distanceTicker{fast, slow}
	return ok && too
}

// Ready implements ta.Ticker; Ticks was asked before.
func (c *Convergence) Ready() bool {
	if c.gaps != nil {
		return c.gaps.Ready()
	}
	return c.steps.Ready() && c.wait[0].Ready() && c.wait[1].Ready() && c.ticks[0].Ready() && c.ticks[1].Ready()
}

// Single implements ta.Ticker.
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
func (c *Convergence) Signals() bool { return c.gaps != nil }

// TickSignal makes a tick of the difference of both averages, the average of the
// results, and how far they are above it. It is not to be in line: what the tick calls
// would be no more.
//
//go:noinline
func (c *Convergence) TickSignal(average *Recurrence) ta.Tick {
	gaps, pulse := c.gaps, &average.pulse
	return func(x, _, _, _ float64) (apart, signal, above float64) {
		if ta.Hole(x) {
			return ta.NoValues()
		}
		both := gaps.Tick(x)
		both = both.SelectFromPair(0, 2, both).Sub(both.SelectFromPair(1, 3, both))
		apart, signal = both.GetElem(0), pulse.beat(both).GetElem(0)
		return apart, signal, apart - signal
	}
}

// Tick takes a value and returns the distances of both averages from it, fast and
// slow; what Next sets apart to is the one less the other.
func (c *Convergence) Tick(x float64) Two {
	if c.gaps != nil {
		return c.gaps.Tick(x)
	}
	return c.tickEach(x, c.steps.Tick(x))
}

//go:noinline
func (c *Convergence) tickEach(x, step float64) Two {
	return twoOf(c.ticks[0].tick(x, step), c.ticks[1].tick(x, step))
}
