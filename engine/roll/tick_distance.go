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

// Tick is Next for one value.
func (c *Convergence) Tick(x float64) (apart, slow float64) {
	step := c.steps.Tick(x)
	if c.gaps != nil {
		apart, slow = c.gaps.Tick(step, step)
		return apart - slow, slow
	}
	slow = c.ticks[1].tick(x, step)
	return c.ticks[0].tick(x, step) - slow, slow
}
