package main

// line is what there is to know of a path, one point a step, for the straight
// line of least squares through it: how many points it has, their mean, the sum
// of the products of their distances from the mean and from the middle of the
// path, and the sum of the squares of the former. It is kept as Welford did.
type line struct{ n, mean, products, squares float64 }

// add makes the path a point longer, at its end if side is 1 and at its
// beginning if side is -1.
func (l *line) add(y, side float64) {
	d := y - l.mean
	l.products += side * d * l.n / 2 // l.n/(l.n+1) of d, (l.n+1)/2 from the middle
	l.n++
	l.mean += d / l.n
	l.squares += d * (y - l.mean)
}

// join is the line through both paths, m after l, as Chan, Golub and LeVeque
// join variances.
func (l *line) join(m *line) line {
	n := l.n + m.n
	d := m.mean - l.mean
	weighted := d * l.n * m.n / n
	return line{
		n:        n,
		mean:     l.mean + d*m.n/n,
		products: l.products + m.products + weighted*n/2, // n/2 from middle to middle
		squares:  l.squares + m.squares + weighted*d,
	}
}

// slope is the rise of the line in a step.
func (l *line) slope() float64 { return l.products / l.spread() }

// fit is the share of the variance of the path that the line explains, 0 where
// there is none.
func (l *line) fit() float64 {
	if l.squares == 0 {
		return 0
	}
	return min(1, l.products*l.products/(l.spread()*l.squares))
}

// spread is the sum of the squares of the distances from the middle.
func (l *line) spread() float64 { return l.n * (l.n*l.n - 1) / 12 }

// window keeps the line through the last points of a path. They are counted
// off in blocks, so a window spans at most two: the rest of the block before,
// and this block as far as it has come. A point takes a few steps however many
// the window has, and leaves nothing behind when it has left.
type window struct {
	block []float64 // this block so far
	now   line      // through this block so far
	rests []line    // rests[i] goes through the block before from place i on
	lacks int       // points that the window lacks
}

func newWindow(n int) *window {
	return &window{block: make([]float64, 0, n), rests: make([]line, n+1), lacks: n}
}

// add takes the next point of the path; the line is that through the last n,
// if there are so many.
func (w *window) add(y float64) (l line, ok bool) {
	if n := cap(w.block); len(w.block) == n {
		var rest line
		for i := n - 1; i > 0; i-- {
			rest.add(w.block[i], -1)
			w.rests[i] = rest
		}
		w.block, w.now = w.block[:0], line{}
	}
	w.now.add(y, 1)
	w.block = append(w.block, y)
	if w.lacks > 0 {
		w.lacks--
	}
	return w.rests[len(w.block)].join(&w.now), w.lacks == 0
}
