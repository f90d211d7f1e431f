package roll

// Place says where among the last n values the largest or the smallest is: 0
// for the oldest, n−1 for the newest; of equal ones the newest counts. It climbs
// a ladder of pairs: a block's largest value, and how many bars ago that was.
type Place struct {
	ladder
	sign  float64 // −1 turns the smallest into the largest
	parts []placed
	peak  // for Tick
}

// placed is a part of the window: its largest value and how long ago that was,
// both as of so many bars back.
type placed struct {
	value, age []float64
	back       repeated
}

// NewPlaceOfMax looks at n values, 1 or more.
func NewPlaceOfMax(n int) *Place { return &Place{ladder: newCover(n, 2), sign: 1} }

// NewPlaceOfMin looks at n values, 1 or more.
func NewPlaceOfMin(n int) *Place { return &Place{ladder: newCover(n, 2), sign: -1} }

// Next sets out to the places.
func (p *Place) Next(x, out []float64) int {
	p.start(x, out)
	return p.finish(out)
}

// WatchPlaces is Next of a and of b for values that may have holes: it is not ok, with
// both as they were, where it met one, or cannot tell. The lead is that of b.
func WatchPlaces(a, b *Place, x, y, outA, outB []float64) (lead int, ok bool) {
	endA, endB := a.x.end, b.x.end
	if sum := a.start(x, outA) + b.start(y, outB); sum-sum != 0 {
		a.undo(endA, len(x))
		b.undo(endB, len(y))
		return 0, false
	}
	a.finish(outA)
	return b.finish(outB), true
}

// start makes the foot and returns a sum with all values: no number where
// one is none.
func (p *Place) start(x, out []float64) (sum float64) {
	m := len(x)
	value, age := p.room(1, 0, m), p.room(1, 1, m)
	for from := 0; from < m; {
		w, to := p.x.over(x, from)
		if p.rest == 0 {
			sum += newestFoot(w, out[from:to], value[from:to], age[from:to], p.sign, 0)
		} else {
			sum += newestFoot(w, out[from:to], nil, nil, p.sign, p.rest)
		}
		from = to
	}
	return sum
}

// finish goes on from the foot.
func (p *Place) finish(out []float64) int {
	m := len(out)
	for k := 2; k <= len(p.rungs); k++ {
		values, ages := p.below(k, 0, m), p.below(k, 1, m)
		newestEight(p.room(k, 0, m), p.room(k, 1, m), &values, &ages, float64(int(1)<<(3*(k-1))))
	}
	if p.rest == 0 {
		p.parts = p.parts[:0]
		for _, q := range p.plan {
			p.parts = append(p.parts, placed{p.past(q.rung, 0, m, q.back), p.past(q.rung, 1, m, q.back), repeat(float64(q.back))})
		}
		place(out, p.parts, float64(p.n-1))
	}
	lead := p.lead(m)
	Blank(lead, out)
	return lead
}

// newer merges an older block into a newer one, h bars later: the larger value
// stays, with how long ago it was for the newer one.
func newer(ov, oa, nv, na, h float64) (v, a float64) {
	if ov > nv {
		return ov, oa + float64(h) // h may be a product
	}
	return nv, na
}

// newestFoot sets value and age for the last eight values times sign, or, where
// r is not 0, rest to the place in the newest r values. x has the footing before
// the first of them. It returns a sum with all of the others.
func newestFoot(x, rest, value, age []float64, sign float64, r int) float64 {
	i, sum := newestFootWide(x, rest, value, age, sign, r)
	for ; i < len(rest); i++ {
		w := x[i : i+8 : i+8]
		sum += w[7]
		pair := func(k int) (v, a float64) { return newer(w[k]*sign, 0, w[k+1]*sign, 0, 1) }
		v4, a4 := pair(2)
		v2, a2 := pair(4)
		v, a := pair(6)
		fv, fa := newer(v2, a2, v, a, 2)
		if r == 0 {
			v6, a6 := pair(0)
			fv4, fa4 := newer(v6, a6, v4, a4, 2)
			value[i], age[i] = newer(fv4, fa4, fv, fa, 4)
			continue
		}
		switch r & 6 {
		case 0:
			v, a = w[7]*sign, 0
		case 4:
			v, a = fv, fa
		case 6:
			v, a = newer(v4, a4, fv, fa, 4)
		}
		if r&1 != 0 {
			_, a = newer(w[7-r&6]*sign, 0, v, a, float64(r&6))
		}
		rest[i] = float64(r-1) - a
	}
	return sum
}

// newestEight merges eight blocks of size values.
func newestEight(value, age []float64, v, a *octet, size float64) {
	for i := newestEightWide(value, age, v, a, size); i < len(value); i++ {
		pair := func(k int) (float64, float64) { return newer(v[k][i], a[k][i], v[k+1][i], a[k+1][i], size) }
		v6, a6 := pair(0)
		v4, a4 := pair(2)
		v2, a2 := pair(4)
		v0, a0 := pair(6)
		fv4, fa4 := newer(v6, a6, v4, a4, 2*size)
		fv, fa := newer(v2, a2, v0, a0, 2*size)
		value[i], age[i] = newer(fv4, fa4, fv, fa, 4*size)
	}
}

// place merges the parts of a window, the newest first, and counts from its
// oldest value, which is last bars ago.
func place(out []float64, parts []placed, last float64) {
	for i := placeWide(out, parts, last); i < len(out); i++ {
		v, a := parts[0].value[i], parts[0].age[i]
		for k := range parts[1:] {
			p := &parts[k+1]
			v, a = newer(p.value[i], p.age[i], v, a, p.back[0])
		}
		out[i] = last - a
	}
}
