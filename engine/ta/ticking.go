package ta

import "math"

// Tick is a step for a single bar, whose values are given as they are, and not in
// columns of one: those of at most four inputs, for the results of at most three
// outputs. What there is not is 0, and its result means nothing. It looks for holes
// itself, as nobody does before: where there is one, it returns NoValues and remembers
// nothing.
type Tick func(a, b, c, d float64) (p, q, r float64)

// Hole says whether x is a hole.
func Hole(x float64) bool { return x-x != 0 }

// Holes says whether one of the values is a hole.
func Holes(a, b, c, d float64) bool { return (a-a)+(b-b)+((c-c)+(d-d)) != 0 }

// NoValues is what a tick gives for a hole.
func NoValues() (p, q, r float64) { return math.NaN(), math.NaN(), math.NaN() }

// Ticker is a part of a kernel that can take its values one by one, in a form
// that spares what a column of one value costs.
type Ticker interface {
	State
	Ready() bool // every value from now on has a result
	Single()     // goes over to values one by one; it is ready
	Columns()    // and back to columns
}

// Ticking is a Kernel that has a way in for bars that come one by one, besides Next:
// the two may take turns.
type Ticking struct {
	kernel
	tick    Tick // first, or alone
	alone   Tick
	tickers []Ticker
	single  bool // the parts take values one by one, and tick is alone
}

// NewTicking is NewKernel with a second body for the bars of a stream: while
// they come one by one, and once all parts are ready, tick is called in place of
// step. Both give the same bits. For a first bar that came to Tick, step is given
// four columns and three, whatever it takes.
func NewTicking(step func(in, out Columns), tick Tick, parts ...Ticker) *Ticking {
	k := &Ticking{alone: tick, tickers: parts}
	k.step, k.tick = step, k.first
	for _, p := range parts {
		k.parts = append(k.parts, p)
	}
	return k
}

// Tick is Next for one bar. It is small enough to be in line: a bar costs one call.
func (k *Ticking) Tick(a, b, c, d float64) (p, q, r float64) { return k.tick(a, b, c, d) }

func (k *Ticking) Next(in, out Columns) {
	if !k.single || len(in[0]) != 1 {
		k.columns(in, out)
		return
	}
	var bar [4]float64
	for i, col := range in {
		bar[i] = col[0]
	}
	var results [3]float64
	results[0], results[1], results[2] = k.tick(bar[0], bar[1], bar[2], bar[3])
	for i, col := range out {
		col[0] = results[i]
	}
}

// first is Tick while not all parts are ready, or take columns.
func (k *Ticking) first(a, b, c, d float64) (p, q, r float64) {
	v := [...]float64{a, b, c, d, 0, 0, 0}
	k.columns(Columns{v[0:1], v[1:2], v[2:3], v[3:4]}, Columns{v[4:5], v[5:6], v[6:7]})
	return v[4], v[5], v[6]
}

// columns takes what tick cannot: more than one bar, or the first ones.
func (k *Ticking) columns(in, out Columns) {
	k.join()
	k.kernel.Next(in, out)
	if len(in[0]) != 1 {
		return
	}
	for _, p := range k.tickers {
		if !p.Ready() {
			return
		}
	}
	for _, p := range k.tickers {
		p.Single()
	}
	k.single, k.tick = true, k.alone
}

// join brings the parts back to columns.
func (k *Ticking) join() {
	if k.single {
		k.single, k.tick = false, k.first
		for _, p := range k.tickers {
			p.Columns()
		}
	}
}

func (k *Ticking) AppendState(b []byte) []byte {
	k.join()
	return k.kernel.AppendState(b)
}

func (k *Ticking) Restore(state []byte) error {
	k.join()
	return k.kernel.Restore(state)
}

// Series is a calculation from one series to another, with a body for columns and
// one for values that come one by one. Next says how many of the first values of
// all have no result yet.
type Series interface {
	Ticker
	Next(x, out []float64) (lead int)
	Tick(x float64) float64
}
