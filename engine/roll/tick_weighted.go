package roll

import "math"

// weighing is row for both sums of a Weighted.
type weighing struct {
	blocks []blocks
	next   int   // where the blocks of the next value stand
	back   int   // how far is looked back, 8 values or more
	eights []int // how many values ago the window's pieces of eight end
	higher []tapped
}

// blocks are the newest value, and both sums of those of two, four and eight
// values that end with it.
type blocks struct {
	one              float64
	two, four, eight block
}

// block is the plain sum of some values and the weighted one.
type block struct{ sum, weighted float64 }

// after puts a newer block after an older one of h values.
func (b *block) after(older *block, h float64) block {
	s, w := weigh(older.sum, older.weighted, b.sum, b.weighted, h)
	return block{s, w}
}

// Single implements ta.Ticker.
func (w *Weighted) Single() {
	if w.blocks == nil {
		w.back = look
		if len(w.rungs) > 0 {
			w.back = max(look, w.rungs[0][0].n)
		}
		w.blocks = make([]blocks, w.back+max(w.back, 8*look))
		for _, p := range w.plan {
			if p.rung == 1 {
				w.eights = append(w.eights, p.back)
			}
		}
		sums, weighted := w.taps(0), w.taps(1)
		for i := len(w.eights); i < len(sums); i++ {
			w.higher = append(w.higher, weighted[i], sums[i])
		}
	}
	w.inv = 1 / w.divisor
	b := w.blocks[:w.back]
	for k := range footing {
		b[w.back-1-k].one = w.x.at(k)
	}
	for i := w.back - footing + 1; i < w.back; i++ {
		b[i].two = pairOf(b[i-1].one, b[i].one)
	}
	for i := w.back - footing + 3; i < w.back; i++ {
		b[i].four = b[i].two.after(&b[i-2].two, 2)
	}
	if len(w.rungs) > 0 {
		for k := range w.rungs[0][0].n {
			b[w.back-1-k].eight = block{w.rungs[0][0].at(k), w.rungs[0][1].at(k)}
		}
	}
	w.next = w.back
}

func pairOf(older, newer float64) block {
	s, w := weigh(older, older, newer, newer, 1)
	return block{s, w}
}

// Columns implements ta.Ticker. The rungs above the first were kept.
func (w *Weighted) Columns() {
	last := func(k int) *blocks { return &w.blocks[w.next-1-k] }
	for k := footing - 1; k >= 0; k-- {
		w.x.put(last(k).one)
	}
	if len(w.rungs) > 0 {
		for k := w.rungs[0][0].n - 1; k >= 0; k-- {
			w.rungs[0][0].put(last(k).eight.sum)
			w.rungs[0][1].put(last(k).eight.weighted)
		}
	}
}

// again begins the row anew.
//
//go:noinline
func (w *weighing) again() {
	copy(w.blocks, w.blocks[w.next-w.back:])
	w.next = w.back
}

// Tick is Next for one value.
func (w *Weighted) Tick(x float64) float64 {
	if w.next == len(w.blocks) {
		w.again()
	}
	now := w.next
	w.next = now + 1
	row := w.blocks[:now+1]
	b := (*[look + 1]blocks)(row[now-look:])
	v := &b[look]
	v.one = x
	v.two = pairOf(b[look-1].one, x)
	v.four = v.two.after(&b[look-2].two, 2)
	v.eight = v.four.after(&b[look-4].four, 4)
	if len(w.rungs) > 1 {
		w.climb()
	}
	var rest block
	switch w.rest & 6 {
	case 2:
		rest = v.two
	case 4:
		rest = v.four
	case 6:
		rest = v.four.after(&b[look-4].two, 2)
	}
	if w.rest&1 != 0 {
		one := b[look-w.rest&6].one
		rest = rest.after(&block{one, one}, 1)
	}
	t := math.FMA(rest.sum, w.nearest[1], float64(rest.weighted*w.nearest[0]))
	weights := w.weights
	for _, back := range w.eights {
		e := &row[now-back].eight
		t = math.FMA(e.weighted, weights[0][0], t)
		if weights = weights[1:]; len(weights) > 0 {
			t = math.FMA(e.sum, weights[0][0], t)
			weights = weights[1:]
		}
	}
	for i := range weights {
		t = math.FMA(w.higher[i].at(w.higher[i].back), weights[i][0], t)
	}
	return divided(t, w.divisor, w.inv)
}

// climb makes the rungs above the first for one value.
func (w *Weighted) climb() {
	at := func(i int) block { return w.blocks[w.next-1-i*8].eight }
	for k := 1; k < len(w.rungs); k++ {
		h := float64(int(1) << (3 * k))
		if k > 1 {
			sums, weighted, size := &w.rungs[k-1][0], &w.rungs[k-1][1], 1<<(3*k)
			at = func(i int) block { return block{sums.at(i * size), weighted.at(i * size)} }
		}
		pair := func(i int) block {
			older, newer := at(i+1), at(i)
			return newer.after(&older, h)
		}
		s0, s2, s4, s6 := pair(0), pair(2), pair(4), pair(6)
		newer, older := s0.after(&s2, 2*h), s4.after(&s6, 2*h)
		b := newer.after(&older, 4*h)
		w.rungs[k][0].put(b.sum)
		w.rungs[k][1].put(b.weighted)
	}
}
