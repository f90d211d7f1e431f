package roll

// Extremum is the largest or the smallest of the last n values. A result of −0
// is made 0: which of two zeros an operation keeps is up to the compiler.
type Extremum struct {
	ladder
	sign  float64 // −1 turns the smallest into the largest
	parts [][]float64
}

// NewMax finds the largest of n values, 1 or more.
func NewMax(n int) *Extremum { return &Extremum{ladder: newCover(n, 1), sign: 1} }

// NewMin finds the smallest of n values, 1 or more.
func NewMin(n int) *Extremum { return &Extremum{ladder: newCover(n, 1), sign: -1} }

// Next sets out to the extrema.
func (e *Extremum) Next(x, out []float64) int {
	m := len(x)
	w := e.x.window(m)
	Scale(w[footing:], x, e.sign)
	largerFoot(w, out, e.room(1, 0, m), e.rest, e.sign)
	for k := 2; k <= len(e.rungs); k++ {
		below := e.below(k, 0, m)
		largerEight(e.room(k, 0, m), &below)
	}
	if e.rest == 0 {
		e.parts = e.parts[:0]
		for _, p := range e.plan {
			e.parts = append(e.parts, e.past(p.rung, 0, m, p.back))
		}
		largerGather(out, e.parts, e.sign)
	}
	lead := e.lead(m)
	Blank(lead, out)
	return lead
}

// largerFoot is addFoot for the larger: either eight, or rest, times sign.
func largerFoot(x, rest, eight []float64, r int, sign float64) {
	for i := largerFootWide(x, rest, eight, r, sign); i < len(rest); i++ {
		w := x[i : i+8 : i+8]
		pair, before := larger(w[6], w[7]), larger(w[2], w[3])
		four := larger(larger(w[4], w[5]), pair)
		if r == 0 {
			eight[i] = larger(larger(larger(w[0], w[1]), before), four)
			continue
		}
		t := w[7]
		switch r & 6 {
		case 2:
			t = pair
		case 4:
			t = four
		case 6:
			t = larger(before, four)
		}
		if r&1 != 0 {
			t = larger(w[7-r&6], t)
		}
		rest[i] = float64(t*sign) + 0
	}
}

// largerEight sets dst to the largest of eight columns.
func largerEight(dst []float64, o *octet) {
	for i := largerEightWide(dst, o); i < len(dst); i++ {
		older := larger(larger(o[0][i], o[1][i]), larger(o[2][i], o[3][i]))
		newer := larger(larger(o[4][i], o[5][i]), larger(o[6][i], o[7][i]))
		dst[i] = larger(older, newer)
	}
}

// largerGather sets out to the largest of the parts, times sign.
func largerGather(out []float64, parts [][]float64, sign float64) {
	for i := largerGatherWide(out, parts, sign); i < len(out); i++ {
		t := parts[0][i]
		for _, p := range parts[1:] {
			t = larger(p[i], t)
		}
		out[i] = float64(t*sign) + 0
	}
}
