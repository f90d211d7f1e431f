package roll

// peak is crest for a Place: the largest value of each stretch, and where in its
// block that is. Of equal ones the newest counts.
type peak struct {
	values []float64
	ends   []marked // of the old block from each value on
	next   int
	top    marked // of the new block
	full   bool   // there was a block before the new one
}

// Single implements ta.Ticker.
func (p *Place) Single() {
	if p.values == nil {
		p.values, p.ends = make([]float64, p.n), make([]marked, p.n+1)
	}
	// The largest of the last m values, from that of fewer and a block: where it
	// is larger, that is for its oldest value.
	t, k, size := marked{0, -inf}, 0, 1
	for m := 1; m <= p.n; m++ {
		if k < len(p.rungs) && m == 8*size {
			k, size = k+1, m
		}
		v := p.x.at(min(m-1, footing-1)) * p.sign
		if k > 0 {
			v = p.rungs[k-1][0].at(m - size)
		}
		if v > t.value {
			t = marked{p.n - m, v}
		}
		p.ends[p.n-m] = t
	}
	p.begin()
	p.full = false
}

// begin begins a new block.
func (p *Place) begin() {
	p.ends[p.n], p.top, p.next = marked{0, -inf}, marked{0, -inf}, 0
}

// Columns implements ta.Ticker. No rung looks back on more than a window.
func (p *Place) Columns() { replay(p.values, p.next, p.full, p.sign, p.Next) }

// Tick is Next for one value.
func (p *Place) Tick(x float64) float64 {
	x *= p.sign
	i := p.next
	p.values[i] = x
	top, old := p.top, &p.ends[i+1]
	if x >= top.value {
		top.bar = i
	}
	top.value = pick(x >= top.value, x, top.value)
	p.top = top
	i++
	place := old.bar - i
	if top.value >= old.value {
		place = top.bar + p.n - i
	}
	if p.next = i; i == p.n {
		p.fold()
	}
	return float64(place)
}

// fold ends a block.
func (p *Place) fold() {
	t := marked{0, -inf}
	for i := p.n - 1; i >= 0; i-- {
		if v := p.values[i]; v > t.value {
			t = marked{i, v}
		}
		p.ends[i] = t
	}
	p.begin()
	p.full = true
}
