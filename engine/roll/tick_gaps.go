package roll

// Ready implements ta.Ticker.
func (g *Gaps) Ready() bool { return paired() && g.runs() }

// Single implements ta.Ticker.
func (g *Gaps) Single() {
	g.both.take(&g.fast.trace, &g.slow.trace)
	g.minus = twoOf(-g.fast.trace.b, -g.slow.trace.b)
}

// Columns implements ta.Ticker.
func (g *Gaps) Columns() { g.both.give(&g.fast.trace, &g.slow.trace) }

// Tick is Next for one value: the fast gap and the slow one.
func (g *Gaps) Tick(x float64) Two {
	return g.both.next(twice(g.step(x))).Mul(g.minus)
}
