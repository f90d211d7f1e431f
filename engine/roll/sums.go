package roll

// Sums are the sums of the last so many values, for several windows over one
// ladder. Beside its rungs it keeps the sums of two and of four values, so that
// a window is a handful of columns that are there already, the same ones in the
// same order as in Sum.
type Sums struct {
	ladder
	two, four track
	windows   [][]piece
	parts     [][][]float64
	row       // for Tick, as sides
	sides     []window
}

// What is below the first rung: pieces of one, two and four values.
const (
	ones  = 0
	pairs = -1
	fours = -2
)

// NewSums is over windows of so many values, 1 or more each. The lead of Next is
// that of the longest one.
func NewSums(windows ...int) *Sums {
	s := &Sums{two: newTrack(lanes), four: newTrack(lanes), parts: make([][][]float64, len(windows))}
	for _, n := range windows {
		s.windows = append(s.windows, pieces(n))
		s.n, s.plan = max(s.n, n), append(s.plan, newLadder(n, 0).plan...)
	}
	s.ladder = s.build(1)
	return s
}

// pieces are those of a window of n values, its rest in pieces, too.
func pieces(n int) (w []piece) {
	if n&4 != 0 {
		w = append(w, piece{fours, 0})
	}
	if n&2 != 0 {
		w = append(w, piece{pairs, n & 4})
	}
	if n&1 != 0 {
		w = append(w, piece{ones, n & 6})
	}
	return append(w, newLadder(n, 0).plan...)
}

// Next takes the values; Ultimate and its like read the sums.
func (s *Sums) Next(x []float64) int {
	m := len(x)
	addFeet(s.x.push(x), s.two.room(m), s.four.room(m), s.room(1, 0, m))
	s.addUp(m)
	for i, w := range s.windows {
		s.parts[i] = s.parts[i][:0]
		for _, p := range w {
			s.parts[i] = append(s.parts[i], s.part(p, m))
		}
	}
	return s.lead(m)
}

// part is a piece of the newest m windows.
func (s *Sums) part(p piece, m int) []float64 {
	var t *track
	switch p.rung {
	case ones:
		t = &s.x
	case pairs:
		t = &s.two
	case fours:
		t = &s.four
	default:
		return s.past(p.rung, 0, m, p.back)
	}
	return t.past(m, p.back)
}

// addFeet sets two, four and, unless it is empty, eight to the sums of so many
// values. x has the footing before the first of them.
func addFeet(x, two, four, eight []float64) {
	for i := addFeetWide(x, two, four, eight); i < len(two); i++ {
		w := x[i : i+8 : i+8]
		two[i] = w[6] + w[7]
		four[i] = w[4] + w[5] + two[i]
		if len(eight) > 0 {
			eight[i] = w[0] + w[1] + (w[2] + w[3]) + four[i]
		}
	}
}

// AppendState implements ta.State.
func (s *Sums) AppendState(b []byte) []byte { return appendStates(b, &s.ladder, &s.two, &s.four) }

// Restore implements ta.State.
func (s *Sums) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &s.ladder, &s.two, &s.four)
}
