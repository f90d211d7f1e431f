package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// row is what a ladder of sums remembers while values come one by one, in place
// of the tracks that its columns are in: for each of the last 64 values the sums of
// the one, two, four and eight values that end with it, side by side. No more are
// looked back on below the second rung. It is a ring as long as a byte counts.
type row struct {
	sums *[256 + 3]float64 // so that four follow any place, for the compiler
	next uint8             // where those of the next value are put
}

// window is the pieces of a sum: where those of up to eight values are, from the
// place of the next value on, and the tracks that the larger ones are read from.
type window struct {
	near []uint8
	far  []tapped
}

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

// window is the sum of the pieces.
func (l *ladder) window(pieces []piece) (w window) {
	for _, p := range pieces {
		kind := 3
		switch p.rung {
		case ones, pairs, fours:
			kind = -p.rung
		case 1:
		default:
			w.far = append(w.far, tapped{&l.rungs[p.rung-1][0], p.back})
			continue
		}
		w.near = append(w.near, uint8(kind-4*(p.back+1)))
	}
	return w
}

// of is the sums of the value that is so many before the newest.
func (r *row) of(back int) *[4]float64 {
	at := int(r.next - 4 - uint8(4*back))
	return (*[4]float64)(r.sums[at : at+4])
}

// take goes on where the tracks of l stopped.
func (r *row) take(l *ladder) {
	if r.sums == nil {
		r.sums = new([256 + 3]float64)
	}
	for k := range footing {
		r.of(k)[0] = l.x.at(k)
	}
	for k := range footing - 1 {
		r.of(k)[1] = l.x.at(k+1) + l.x.at(k)
	}
	for k := range footing - 3 {
		r.of(k)[2] = r.of(k + 2)[1] + r.of(k)[1]
	}
	if len(l.rungs) > 0 {
		for k := range l.rungs[0][0].n {
			r.of(k)[3] = l.rungs[0][0].at(k)
		}
	}
}

// give is where the tracks of l go on; those above the first rung were kept.
func (r *row) give(l *ladder) {
	for k := footing - 1; k >= 0; k-- {
		l.x.put(r.of(k)[0])
	}
	if len(l.rungs) > 0 {
		for k := l.rungs[0][0].n - 1; k >= 0; k-- {
			l.rungs[0][0].put(r.of(k)[3])
		}
	}
}

// put takes a value.
func (r *row) put(x float64) {
	i, s := r.next, r.sums
	r.next = i + 4
	two := s[i-4] + x
	four := s[i-7] + two
	*(*[4]float64)(s[i : int(i)+4]) = [4]float64{x, two, four, s[i-14] + four}
}

// climb makes the rungs above the first for one value.
func (r *row) climb(l *ladder) {
	at := func(i int) float64 { return r.of(8 * i)[3] }
	for k := 1; k < len(l.rungs); k++ {
		if k > 1 {
			below, size := &l.rungs[k-1][0], 1<<(3*k)
			at = func(i int) float64 { return below.at(i * size) }
		}
		l.rungs[k][0].put((at(7) + at(6) + (at(5) + at(4))) + (at(3) + at(2) + (at(1) + at(0))))
	}
}

// sum is that of the pieces near by, to which the window adds those that are far.
func (r *row) sum(w *window) float64 {
	t, s, next := minusZero, r.sums[:], r.next
	for _, from := range w.near {
		t += s[next+from]
	}
	return t
}

func (w *window) add(t float64) float64 {
	for i := range w.far {
		t += w.far[i].at(w.far[i].back)
	}
	return t
}

// minusZero is what a sum that has nothing yet is: −0 and a value are the value,
// its sign too.
var minusZero = math.Copysign(0, -1)

// Ready implements ta.Ticker.
func (s *Sum) Ready() bool { return paired() && s.count.Ready() }

// Single implements ta.Ticker.
func (s *Sum) Single() {
	if s.sums == nil {
		s.whole = s.window(pieces(s.n))
	}
	s.take(&s.ladder)
	s.quotient = quotientBy(s.divisor)
}

// Columns implements ta.Ticker.
func (s *Sum) Columns() { s.give(&s.ladder) }

// Tick is Next for one value.
func (s *Sum) Tick(x float64) float64 { return s.tick(x).GetElem(0) }

// ownTick implements own. It is not to be in line: what the tick calls would be no
// more.
//
//go:noinline
func (s *Sum) ownTick() ta.Tick {
	return func(x, _, _, _ float64) (sum, _, _ float64) {
		if ta.Hole(x) {
			return ta.NoValues()
		}
		return s.tick(x).GetElem(0), 0, 0
	}
}

// tick is Tick in both lanes, and so may be in line.
func (s *Sum) tick(x float64) Two {
	s.put(x)
	t := s.sum(&s.whole)
	if len(s.rungs) > 1 {
		t = s.tickFar(t)
	}
	return s.quotient.of(twice(t))
}

// tickFar adds what is far to the sum of what is near.
func (s *Sum) tickFar(t float64) float64 {
	s.climb(&s.ladder)
	return s.whole.add(t)
}
