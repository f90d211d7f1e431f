package roll

import "math"

// row is what a ladder of sums remembers while values come one by one, in place
// of the tracks that its columns are in: the sums that end at a value stand side
// by side, and those of the values that are looked back on one after another,
// until the row is full and begins anew.
type row struct {
	sums   []sums
	next   int   // where the sums of the next value stand
	back   int   // how far is looked back, 8 values or more
	eights []int // how many values ago the window's pieces of eight end
	higher []tapped
}

// sums are those of the newest one, two, four and eight values.
type sums struct{ one, two, four, eight float64 }

// tapped is a piece of a window as a stream reads it: the newest value of a track
// so many values back.
type tapped struct {
	*track
	back int
}

// taps are the pieces of the plan, in column c of their rungs.
func (l *ladder) taps(c int) []tapped {
	t := make([]tapped, len(l.plan))
	for i, p := range l.plan {
		t[i] = tapped{&l.rungs[p.rung-1][c], p.back}
	}
	return t
}

// take goes on where the tracks of l stopped.
func (w *row) take(l *ladder) {
	if w.sums == nil {
		w.back = look
		if len(l.rungs) > 0 {
			w.back = max(look, l.rungs[0][0].n)
		}
		w.sums = make([]sums, w.back+max(w.back, 8*look))
		for _, p := range l.plan {
			if p.rung == 1 {
				w.eights = append(w.eights, p.back)
			}
		}
		w.higher = l.taps(0)[len(w.eights):]
	}
	s := w.sums[:w.back]
	for k := range footing {
		s[w.back-1-k].one = l.x.at(k)
	}
	for i := w.back - footing + 1; i < w.back; i++ {
		s[i].two = s[i-1].one + s[i].one
	}
	for i := w.back - footing + 3; i < w.back; i++ {
		s[i].four = s[i-2].two + s[i].two
	}
	if len(l.rungs) > 0 {
		for k := range l.rungs[0][0].n {
			s[w.back-1-k].eight = l.rungs[0][0].at(k)
		}
	}
	w.next = w.back
}

// give is where the tracks of l go on; those above the first rung were kept.
func (w *row) give(l *ladder) {
	last := func(k int) *sums { return &w.sums[w.next-1-k] }
	for k := footing - 1; k >= 0; k-- {
		l.x.put(last(k).one)
	}
	if len(l.rungs) > 0 {
		for k := l.rungs[0][0].n - 1; k >= 0; k-- {
			l.rungs[0][0].put(last(k).eight)
		}
	}
}

// again begins the row anew. It is not to be in line: what calls it would keep
// its registers in memory.
//
//go:noinline
func (w *row) again() {
	copy(w.sums, w.sums[w.next-w.back:])
	w.next = w.back
}

// put takes a value and returns the row up to its sums.
func (w *row) put(x float64) []sums {
	if w.next == len(w.sums) {
		w.again()
	}
	i := w.next
	w.next = i + 1
	s := (*[look + 1]sums)(w.sums[i-look : i+1])
	two := s[look-1].one + x
	four := s[look-2].two + two
	s[look].one, s[look].two, s[look].four, s[look].eight = x, two, four, s[look-4].four+four
	return w.sums[:i+1]
}

// climb makes the rungs above the first for one value.
func (w *row) climb(l *ladder) {
	at := func(i int) float64 { return w.sums[w.next-1-i*8].eight }
	for k := 1; k < len(l.rungs); k++ {
		if k > 1 {
			below, size := &l.rungs[k-1][0], 1<<(3*k)
			at = func(i int) float64 { return below.at(i * size) }
		}
		l.rungs[k][0].put((at(7) + at(6) + (at(5) + at(4))) + (at(3) + at(2) + (at(1) + at(0))))
	}
}

// Single implements ta.Ticker.
func (s *Sum) Single() {
	s.take(&s.ladder)
	s.inv = 1 / s.divisor
}

// Columns implements ta.Ticker.
func (s *Sum) Columns() { s.give(&s.ladder) }

// minusZero is what a sum that has nothing yet is: −0 and a value are the value,
// its sign too.
var minusZero = math.Copysign(0, -1)

// Tick is Next for one value.
func (s *Sum) Tick(x float64) float64 {
	w := s.put(x)
	if len(s.rungs) > 1 {
		s.climb(&s.ladder)
	}
	now := len(w) - 1
	t, eights, higher := minusZero, s.eights, s.higher
	switch r := s.rest; {
	case r == 0 && len(eights) > 0:
		t, eights = w[now-eights[0]].eight, eights[1:]
	case r == 0:
		t, higher = higher[0].at(higher[0].back), higher[1:]
	default:
		pair := w[now].two
		if r&4 != 0 {
			t, pair = w[now].four, w[now-4].two
		}
		if r&2 != 0 {
			t += pair
		}
		if r&1 != 0 {
			t += w[now-r&6].one
		}
	}
	for _, back := range eights {
		t += w[now-back].eight
	}
	for i := range higher {
		t += higher[i].at(higher[i].back)
	}
	return divided(t, s.divisor, s.inv)
}
