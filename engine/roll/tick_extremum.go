package roll

// crest takes the place of an Extremum's rungs, or of those of two side by side,
// while values come one by one. They are cut into blocks as long as the window, so
// that a window is the end of one block and the beginning of the next: the largest
// of the new block so far, and the largest from each value to the end of the old
// one, which is known when that block is full (van Herk, Pattern Recognition
// Letters 13, 1992). No branch depends on the values, and the results are those of
// the rungs, as it makes no difference in which order the largest is looked for.
type crest struct {
	sign  Two // −1 turns the smallest into the largest
	slots []slot
	next  int
	top   Two  // the largest of the new block
	full  bool // there was a block before the new one
}

// slot is a value's place in a block.
type slot struct {
	x    Two // the new block's, and from next on what is left of the old
	rest Two // the largest of the old block that came after its value here
}

// take goes on in a lane where e stopped.
func (c *crest) take(k int, e *Extremum) {
	if c.slots == nil {
		c.slots = make([]slot, e.n)
	}
	sign := 1.0
	if e.smallest {
		sign = -1
	}
	set(&c.sign, k, sign)
	// The largest of the last m values, from that of fewer and a block.
	block, size, rungs := &e.x, 1, e.rungs
	t := -inf
	for m := 1; m < e.n; m++ {
		if len(rungs) > 0 && m == max(e.foot(), 2*size) {
			block, size, rungs = &rungs[0][0], m, rungs[1:]
		}
		t = max(t, block.at(m-size)*sign)
		set(&c.slots[e.n-1-m].rest, k, t)
	}
	set(&c.slots[e.n-1].rest, k, -inf)
	set(&c.top, k, -inf)
	c.next, c.full = 0, false
}

// give is where e goes on. No rung looks back on more than a window.
func (c *crest) give(k int, e *Extremum) {
	values := make([]float64, len(c.slots))
	for i, s := range c.slots {
		values[i] = lane(s.x, k)
	}
	replay(values, c.next, c.full, lane(c.sign, k), e.Next)
}

// put takes a value for each and returns the largest of their windows, or the
// smallest.
func (c *crest) put(x Two) Two {
	x = x.Mul(c.sign)
	i := c.next
	c.next = i + 1
	s := &c.slots[i]
	s.x = x
	top := c.top.Max(x)
	c.top = top
	t := s.rest.Max(top)
	if i+1 == len(c.slots) {
		c.fold()
	}
	return t.Mul(c.sign).Add(Two{})
}

// fold begins a new block. It is not to be in line: what calls it is.
//
//go:noinline
func (c *crest) fold() {
	t := twice(-inf)
	c.next, c.top, c.full = 0, t, true
	for i := len(c.slots) - 1; i >= 0; i-- {
		s := &c.slots[i]
		s.rest, t = t, t.Max(s.x)
	}
}

// Single implements ta.Ticker.
func (e *Extremum) Single() {
	e.take(0, e)
	e.take(1, e) // for it is in Two lanes
}

// Columns implements ta.Ticker.
func (e *Extremum) Columns() { e.give(0, e) }

// Ready implements ta.Ticker.
func (e *Extremum) Ready() bool { return paired() && e.count.Ready() }

// Tick is Next for one value.
func (e *Extremum) Tick(x float64) float64 { return e.crest.put(twice(x)).GetElem(0) }

// Ready implements ta.Ticker.
func (r *Range) Ready() bool { return r.highest.Ready() && r.lowest.Ready() }

// Single implements ta.Ticker.
func (r *Range) Single() {
	r.take(0, r.highest)
	r.take(1, r.lowest)
}

// Columns implements ta.Ticker.
func (r *Range) Columns() {
	r.give(0, r.highest)
	r.give(1, r.lowest)
}

// Tick is Next for one bar: top and bottom.
func (r *Range) Tick(high, low float64) Two { return r.crest.put(twoOf(high, low)) }
