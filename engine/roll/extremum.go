package roll

// Extremum is the largest or the smallest of the last n values. A result of −0
// is made 0: which of two zeros an operation keeps is up to the compiler.
//
// A value may be met twice, so a window is two blocks of as many values as the
// largest power of two has that is not more than n. The foot makes blocks of up
// to sixteen values in one pass, each rung doubles those of the one below.
type Extremum struct {
	n        int
	smallest bool
	x        track // the values, with what the foot looks back on
	rungs    rungs
	count
	crest // for Tick
}

// NewMax finds the largest of n values, 1 or more.
func NewMax(n int) *Extremum { return newExtremum(n, false) }

// NewMin finds the smallest of n values, 1 or more.
func NewMin(n int) *Extremum { return newExtremum(n, true) }

func newExtremum(n int, smallest bool) *Extremum {
	e := &Extremum{n: n, smallest: smallest, x: newTrack(min(n, 16) - 1), count: count{n - 1}}
	if n < 8 {
		return e
	}
	e.x = newTrack(e.foot() - 1)
	for size := e.foot(); size <= n; size *= 2 {
		e.rungs.add(1, min(size, n-size))
	}
	return e
}

// foot is how many values a block of the foot has: those of the whole window
// where it is short.
func (e *Extremum) foot() int {
	switch {
	case e.n < 8:
		return e.n
	case e.n < 16:
		return 8
	}
	return 16
}

// Next sets out to the extrema.
func (e *Extremum) Next(x, out []float64) int {
	e.begin(x, out)
	return e.finish(out)
}

// Watch is Next for values that may have holes: it returns false, with e as it was,
// where it met one, or cannot tell.
func (e *Extremum) Watch(x, out []float64) bool {
	end := e.x.end
	if sum := e.begin(x, out); sum-sum != 0 {
		e.undo(end, len(x), min(1, len(e.rungs)))
		return false
	}
	e.finish(out)
	return true
}

// begin makes the blocks of the foot and returns the sum of the values: no number
// where one is none.
func (e *Extremum) begin(x, out []float64) (sum float64) {
	m := len(x)
	blocks := out
	if len(e.rungs) > 0 {
		blocks = e.rungs[0][0].room(m)
	}
	for from := 0; from < m; {
		w, to := e.x.over(x, from)
		sum += extremeFoot(w, blocks[from:to], e.foot(), e.smallest)
		from = to
	}
	return sum
}

// undo takes back what was made of m values up to a rung, the track's end being
// another before.
func (e *Extremum) undo(end, m, rungs int) {
	e.x.back(end)
	e.rungs[:rungs].drop(m)
}

// finish goes on from the foot.
func (e *Extremum) finish(out []float64) int {
	m, size := len(out), e.foot()
	for k := 1; k < len(e.rungs); k++ {
		below := &e.rungs[k-1][0]
		extremeOf(e.rungs[k][0].room(m), below.past(m, 0), below.past(m, size), e.smallest)
		size *= 2
	}
	if top := len(e.rungs) - 1; top >= 0 {
		highest := &e.rungs[top][0]
		extremeOf(out, highest.past(m, 0), highest.past(m, e.n-size), e.smallest)
	}
	lead := e.lead(m)
	Blank(lead, out)
	return lead
}

// extremeFoot sets dst to the extremes of the last size values, 1 to 8 or 16, and
// returns the sum of the values but for those before the first, which x has too.
func extremeFoot(x, dst []float64, size int, smallest bool) float64 {
	i, sum := extremeFootWide(x, dst, size, smallest)
	for ; i < len(dst); i++ {
		w := x[i : i+size : i+size]
		sum += w[size-1]
		t := w[0]
		for _, v := range w[1:] {
			if smallest {
				t = smaller(v, t)
			} else {
				t = larger(v, t)
			}
		}
		dst[i] = t + 0
	}
	return sum
}

// extremeOf sets dst to the extremes of two columns.
func extremeOf(dst, a, b []float64, smallest bool) {
	if smallest {
		for i := lesserWide(dst, a, b); i < len(dst); i++ {
			dst[i] = smaller(a[i], b[i])
		}
		return
	}
	for i := greaterWide(dst, a, b); i < len(dst); i++ {
		dst[i] = larger(a[i], b[i])
	}
}

// AppendState implements ta.State.
func (e *Extremum) AppendState(b []byte) []byte { return appendStates(b, &e.x, &e.rungs, &e.count) }

// Restore implements ta.State.
func (e *Extremum) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &e.x, &e.rungs, &e.count)
}
