package roll

// Extremum is the largest or the smallest of the last n values. A result of −0
// is made 0: which of two zeros an operation keeps is up to the compiler.
type Extremum struct {
	ladder
	operation
	parts [][]float64
}

// operation is larger or smaller, as the parts of a ladder.
type operation struct {
	foot   func(x, rest, eight []float64, r int)
	eight  func(dst []float64, o *octet)
	gather func(out []float64, parts [][]float64)
}

// NewMax finds the largest of n values, 1 or more.
func NewMax(n int) *Extremum {
	return &Extremum{ladder: newCover(n, 1), operation: operation{largerFoot, largerEight, largerGather}}
}

// NewMin finds the smallest of n values, 1 or more.
func NewMin(n int) *Extremum {
	return &Extremum{ladder: newCover(n, 1), operation: operation{smallerFoot, smallerEight, smallerGather}}
}

// Next sets out to the extrema.
func (e *Extremum) Next(x, out []float64) int {
	m := len(x)
	e.foot(e.x.push(x), out, e.room(1, 0, m), e.rest)
	for k := 2; k <= len(e.rungs); k++ {
		below := e.below(k, 0, m)
		e.eight(e.room(k, 0, m), &below)
	}
	if e.rest == 0 {
		e.parts = e.parts[:0]
		for _, p := range e.plan {
			e.parts = append(e.parts, e.past(p.rung, 0, m, p.back))
		}
		e.gather(out, e.parts)
	}
	lead := e.lead(m)
	Blank(lead, out)
	return lead
}

// largerFoot is addFoot for the larger: either rest or eight.
func largerFoot(x, rest, eight []float64, r int) {
	for i := largerFootWide(x, rest, eight, r); i < len(rest); i++ {
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
		rest[i] = t + 0
	}
}

func largerEight(dst []float64, o *octet) {
	for i := largerEightWide(dst, o); i < len(dst); i++ {
		older := larger(larger(o[0][i], o[1][i]), larger(o[2][i], o[3][i]))
		newer := larger(larger(o[4][i], o[5][i]), larger(o[6][i], o[7][i]))
		dst[i] = larger(older, newer)
	}
}

func largerGather(out []float64, parts [][]float64) {
	for i := largerGatherWide(out, parts); i < len(out); i++ {
		t := parts[0][i]
		for _, p := range parts[1:] {
			t = larger(p[i], t)
		}
		out[i] = t + 0
	}
}

// smallerFoot is addFoot for the smaller: either rest or eight.
func smallerFoot(x, rest, eight []float64, r int) {
	for i := smallerFootWide(x, rest, eight, r); i < len(rest); i++ {
		w := x[i : i+8 : i+8]
		pair, before := smaller(w[6], w[7]), smaller(w[2], w[3])
		four := smaller(smaller(w[4], w[5]), pair)
		if r == 0 {
			eight[i] = smaller(smaller(smaller(w[0], w[1]), before), four)
			continue
		}
		t := w[7]
		switch r & 6 {
		case 2:
			t = pair
		case 4:
			t = four
		case 6:
			t = smaller(before, four)
		}
		if r&1 != 0 {
			t = smaller(w[7-r&6], t)
		}
		rest[i] = t + 0
	}
}

func smallerEight(dst []float64, o *octet) {
	for i := smallerEightWide(dst, o); i < len(dst); i++ {
		older := smaller(smaller(o[0][i], o[1][i]), smaller(o[2][i], o[3][i]))
		newer := smaller(smaller(o[4][i], o[5][i]), smaller(o[6][i], o[7][i]))
		dst[i] = smaller(older, newer)
	}
}

func smallerGather(out []float64, parts [][]float64) {
	for i := smallerGatherWide(out, parts); i < len(out); i++ {
		t := parts[0][i]
		for _, p := range parts[1:] {
			t = smaller(p[i], t)
		}
		out[i] = t + 0
	}
}
