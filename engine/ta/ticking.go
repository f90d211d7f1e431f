package ta

import "math"

// Ticking is a Kernel that has a way in for bars that come one by one: Tick is
// Next for one bar, whose values are given as they are, and not in columns of one.
// They are those of at most four inputs, and the results those of at most three
// outputs; what there is not is 0, and its result means nothing. Tick and Next may
// take turns.
type Ticking interface {
	Kernel
	Tick(a, b, c, d float64) (p, q, r float64)
}

// Tick is a step for a single bar, as Ticking has it.
type Tick func(a, b, c, d float64) (p, q, r float64)

// Ticker is a part of a kernel that can take its values one by one, in a form
// that spares what a column of one value costs.
type Ticker interface {
	State
	Ready() bool // every value from now on has a result
	Single()     // goes over to values one by one; it is ready
	Columns()    // and back to columns
}

// NewTicking is NewKernel with a second body for the bars of a stream: while
// they come one by one, and once all parts are ready, tick is called in place of
// step. Both give the same bits. For a first bar that came to Tick, step is given
// four columns and three, whatever it takes.
func NewTicking(step func(in, out Columns), tick Tick, parts ...Ticker) Ticking {
	k := &ticking{tick: tick, tickers: parts}
	k.step = step
	for _, p := range parts {
		k.parts = append(k.parts, p)
	}
	return k
}

type ticking struct {
	kernel
	tick    Tick
	tickers []Ticker
	single  bool // the parts take values one by one
}

func (k *ticking) Tick(a, b, c, d float64) (p, q, r float64) {
	// One test for all four: where a value is a hole their sum is none either. What
	// rare is given besides, finite values whose sum is not, it tells from a hole.
	if sum := (a + b) + (c + d); !k.single || sum-sum != 0 {
		return k.rare(a, b, c, d)
	}
	return k.tick(a, b, c, d)
}

func (k *ticking) Next(in, out Columns) {
	if !k.single || len(in[0]) != 1 {
		k.columns(in, out)
		return
	}
	var bar [4]float64
	for i, col := range in {
		bar[i] = col[0]
	}
	var results [3]float64
	results[0], results[1], results[2] = k.Tick(bar[0], bar[1], bar[2], bar[3])
	for i, col := range out {
		col[0] = results[i]
	}
}

// rare is Tick of what tick is not given: a hole, a bar that may be one, or one of
// the first.
func (k *ticking) rare(a, b, c, d float64) (p, q, r float64) {
	if (a-a)+(b-b)+((c-c)+(d-d)) != 0 {
		return math.NaN(), math.NaN(), math.NaN()
	}
	v := [...]float64{a, b, c, d, 0, 0, 0}
	k.columns(Columns{v[0:1], v[1:2], v[2:3], v[3:4]}, Columns{v[4:5], v[5:6], v[6:7]})
	return v[4], v[5], v[6]
}

// columns takes what tick cannot: more than one bar, or the first ones.
func (k *ticking) columns(in, out Columns) {
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
	k.single = true
}

// join brings the parts back to columns.
func (k *ticking) join() {
	if k.single {
		k.single = false
		for _, p := range k.tickers {
			p.Columns()
		}
	}
}

func (k *ticking) AppendState(b []byte) []byte {
	k.join()
	return k.kernel.AppendState(b)
}

func (k *ticking) Restore(state []byte) error {
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

// NewSeries makes a kernel of a Series, from the only input to the only output.
func NewSeries(c Series) Ticking {
	k := &series{c: c}
	k.step = func(in, out Columns) { c.Next(in[0], out[0]) }
	k.parts, k.tickers = []State{c}, []Ticker{c}
	k.tick = func(x, _, _, _ float64) (y, _, _ float64) { return c.Tick(x), 0, 0 }
	return k
}

// series is a ticking that calls its only part itself.
type series struct {
	ticking
	c Series
}

func (k *series) Tick(x, b, c, d float64) (y, _, _ float64) {
	if !k.single || x-x != 0 {
		return k.rare(x, b, c, d)
	}
	return k.c.Tick(x), 0, 0
}
