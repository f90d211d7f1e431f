package roll

import "math/bits"

// Place says where among the last n values the largest or the smallest is: 0
// for the oldest, n−1 for the newest; of equal ones the newest counts. It climbs
// a ladder of pairs: a block's largest value, and how many bars ago that was.
type Place struct {
	n          int
	sign       float64 // −1 turns the smallest into the largest
	value, age []track // rung j: of the last 2^j values
	count
}

// NewPlaceOfMax looks at n values, 1 or more.
func NewPlaceOfMax(n int) *Place { return newPlace(n, 1) }

// NewPlaceOfMin looks at n values, 1 or more.
func NewPlaceOfMin(n int) *Place { return newPlace(n, -1) }

func newPlace(n int, sign float64) *Place {
	p := &Place{n: n, sign: sign, count: count{n - 1}}
	for j := range bits.Len(uint(n)) {
		p.value = append(p.value, newTrack(1<<j))
		p.age = append(p.age, newTrack(1<<j))
	}
	return p
}

// Next sets out to the places.
func (p *Place) Next(x, out []float64) int {
	m, h := len(x), 1
	v, a := p.value[0].window(m), p.age[0].window(m) // of one value: always zero
	Scale(v[1:], x, p.sign)
	for j := 1; j < len(p.value); j++ {
		rv, ra := p.value[j].window(m), p.age[j].window(m)
		newest(rv[2*h:], ra[2*h:], v[:m], a[:m], v[h:], a[h:], float64(h))
		v, a, h = rv, ra, 2*h
	}
	// Two overlapping blocks cover the window, n−h bars apart.
	apart := p.n - h
	older := h - apart
	place(out, v[older:older+m], a[older:older+m], v[h:], a[h:], float64(p.n-1), float64(apart))
	lead := p.lead(m)
	Blank(lead, out)
	return lead
}

// newest merges an older block into a newer one, h bars later: the larger value
// stays, with how long ago it was for the newer one.
func newest(v, a, olderV, olderA, newerV, newerA []float64, h float64) {
	for i := newestWide(v, a, olderV, olderA, newerV, newerA, h); i < len(v); i++ {
		v[i], a[i] = newerV[i], newerA[i]
		if olderV[i] > newerV[i] {
			v[i], a[i] = olderV[i], olderA[i]+h
		}
	}
}

// place merges the window's two blocks and counts from its oldest value, which
// is last bars ago.
func place(out, olderV, olderA, newerV, newerA []float64, last, apart float64) {
	for i := placeWide(out, olderV, olderA, newerV, newerA, last, apart); i < len(out); i++ {
		age := newerA[i]
		if olderV[i] > newerV[i] {
			age = olderA[i] + apart
		}
		out[i] = last - age
	}
}

// AppendState implements ta.State.
func (p *Place) AppendState(b []byte) []byte {
	for j := range p.value {
		b = appendStates(b, &p.value[j], &p.age[j])
	}
	return p.count.AppendState(b)
}

// Restore implements ta.State.
func (p *Place) Restore(state []byte) (rest []byte, err error) {
	for j := range p.value {
		if state, err = restoreStates(state, &p.value[j], &p.age[j]); err != nil {
			return nil, err
		}
	}
	return p.count.Restore(state)
}
