package roll

// Place says where among the last n values the largest or the smallest is: 0
// for the oldest, n−1 for the newest; of equal ones the newest counts. It climbs
// a ladder of pairs: a block's largest value, and how many bars ago that was.
type Place struct {
	ladder
	sign float64 // −1 turns the smallest into the largest
}

// NewPlaceOfMax looks at n values, 1 or more.
func NewPlaceOfMax(n int) *Place { return newPlace(n, 1) }

// NewPlaceOfMin looks at n values, 1 or more.
func NewPlaceOfMin(n int) *Place { return newPlace(n, -1) }

func newPlace(n int, sign float64) *Place {
	return &Place{newOverlapping(n, 2), sign}
}

// Next sets out to the places.
func (p *Place) Next(x, out []float64) int {
	m, top := len(x), p.top()
	if top == 0 {
		for i := range out {
			out[i] = 0
		}
		return 0
	}
	base := min(top, foot)
	newestFoot(p.room(base, 0, m), p.room(base, 1, m), p.x.push(x), p.sign, 1<<base)
	for j := foot + 1; j <= top; j++ {
		h := 1 << (j - 1)
		newest(p.room(j, 0, m), p.room(j, 1, m),
			p.past(j-1, 0, m, h), p.past(j-1, 1, m, h), p.past(j-1, 0, m, 0), p.past(j-1, 1, m, 0), float64(h))
	}
	// Two overlapping blocks cover the window.
	apart := p.n - 1<<top
	place(out, p.past(top, 0, m, apart), p.past(top, 1, m, apart), p.past(top, 0, m, 0), p.past(top, 1, m, 0), float64(p.n-1), float64(apart))
	lead := p.lead(m)
	Blank(lead, out)
	return lead
}

// newer merges an older block into a newer one, h bars later: the larger value
// stays, with how long ago it was for the newer one.
func newer(ov, oa, nv, na, h float64) (v, a float64) {
	if ov > nv {
		return ov, oa + h
	}
	return nv, na
}

func newest(v, a, ov, oa, nv, na []float64, h float64) {
	for i := newestWide(v, a, ov, oa, nv, na, h); i < len(v); i++ {
		v[i], a[i] = newer(ov[i], oa[i], nv[i], na[i], h)
	}
}

// newestFoot is for blocks of size values, 2, 4 or 8, times sign; x has the
// footing before the first of them.
func newestFoot(v, a, x []float64, sign float64, size int) {
	for i := newestFootWide(v, a, x, sign, size); i < len(v); i++ {
		w := x[i : i+8 : i+8]
		pair := func(k int) (v, a float64) { return newer(w[k]*sign, 0, w[k+1]*sign, 0, 1) }
		value, age := pair(6)
		if size > 2 {
			v2, a2 := pair(4)
			value, age = newer(v2, a2, value, age, 2)
		}
		if size > 4 {
			v4, a4 := pair(2)
			v6, a6 := pair(0)
			v4, a4 = newer(v6, a6, v4, a4, 2)
			value, age = newer(v4, a4, value, age, 4)
		}
		v[i], a[i] = value, age
	}
}

// place merges the window's two blocks and counts from its oldest value, which
// is last bars ago.
func place(out, ov, oa, nv, na []float64, last, apart float64) {
	for i := placeWide(out, ov, oa, nv, na, last, apart); i < len(out); i++ {
		_, age := newer(ov[i], oa[i], nv[i], na[i], apart)
		out[i] = last - age
	}
}
