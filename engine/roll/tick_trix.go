package roll

// Ready implements ta.Ticker.
func (t *Trix) Ready() bool { return paired() && t.runs() }

// Single implements ta.Ticker.
func (t *Trix) Single() {
	s := &t.stages
	t.first.take(&s[0].trace, &s[0].trace)
	for k := range t.later {
		t.later[k].take(&s[k+1].trace, &s[k+1].trace)
	}
}

// Columns implements ta.Ticker.
func (t *Trix) Columns() {
	s := &t.stages
	t.first.give(&s[0].trace, &s[0].trace)
	for k := range t.later {
		t.later[k].give(&s[k+1].trace, &s[k+1].trace, t.first.i)
	}
}

// Tick implements ta.Series.
func (t *Trix) Tick(x float64) float64 {
	i, b2, b4, d := t.first.i, t.first.b2, t.first.b4, twice(t.step(x))
	z1 := t.first.next(d)
	z2 := t.later[0].next(i, b2, b4, z1.Sub(d).Add(z1))
	z3 := t.later[1].next(i, b2, b4, z2.Sub(z1).Add(z2))
	was := z3.MulAdd(twice(t.behind[2]), z2.MulAdd(twice(t.behind[1]), z1.MulAdd(twice(t.behind[0]), twice(x))))
	return t.change(z3.GetElem(0), was.GetElem(0))
}
