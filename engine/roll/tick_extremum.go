package roll

// crest takes the place of an Extremum's rungs while values come one by one.
// They are cut into blocks as long as the window, so that a window is the end of
// one block and the beginning of the next: the largest of the new block so far,
// and the largest from each value to the end of the old one, which is known when
// that block is full (van Herk, Pattern Recognition Letters 13, 1992). No branch
// depends on the values, and the results are those of the rungs, as it makes no
// difference in which order the largest is looked for.
type crest struct {
	sign   float64   // −1 turns the smallest into the largest
	values []float64 // the new block, and from next on what is left of the old
	ends   []float64 // the largest of the old block from each value on
	next   int
	top    float64 // the largest of the new block
	full   bool    // there was a block before the new one
}

// Single implements ta.Ticker.
func (e *Extremum) Single() {
	if e.values == nil {
		e.values, e.ends, e.sign = make([]float64, e.n), make([]float64, e.n+1), 1
		if e.smallest {
			e.sign = -1
		}
	}
	// The largest of the last m values, from that of fewer and a block.
	block, size, rungs := &e.x, 1, e.rungs
	t := -inf
	for m := 1; m < e.n; m++ {
		if len(rungs) > 0 && m == max(e.foot(), 2*size) {
			block, size, rungs = &rungs[0][0], m, rungs[1:]
		}
		t = max(t, block.at(m-size)*e.sign)
		e.ends[e.n-m] = t
	}
	e.ends[e.n], e.top, e.next, e.full = -inf, -inf, 0, false
}

// Columns implements ta.Ticker. No rung looks back on more than a window.
func (e *Extremum) Columns() { replay(e.values, e.next, e.full, e.sign, e.Next) }

// Tick is Next for one value.
func (e *Extremum) Tick(x float64) float64 {
	x *= e.sign
	i := e.next
	e.values[i] = x
	e.top = max(e.top, x)
	i++
	t := max(e.top, e.ends[i])
	if e.next = i; i == len(e.values) {
		e.fold()
	}
	return float64(t*e.sign) + 0
}

// fold begins a new block.
func (e *Extremum) fold() {
	t := -inf
	for i := e.n - 1; i >= 0; i-- {
		t = max(t, e.values[i])
		e.ends[i] = t
	}
	e.next, e.top, e.full = 0, -inf, true
}

// Ready implements ta.Ticker.
func (r *Range) Ready() bool { return r.highest.Ready() && r.lowest.Ready() }

// Single implements ta.Ticker.
func (r *Range) Single() {
	r.highest.Single()
	r.lowest.Single()
}

// Columns implements ta.Ticker.
func (r *Range) Columns() {
	r.highest.Columns()
	r.lowest.Columns()
}

// Tick is Next for one bar.
func (r *Range) Tick(high, low float64) (top, bottom float64) {
	return r.highest.Tick(high), r.lowest.Tick(low)
}
