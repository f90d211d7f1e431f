package ta

import "math"

// Tick is a step for a single bar: it takes the values of at most four inputs
// and returns those of at most three outputs, and what there is not is 0.
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
// step. Both give the same bits.
func NewTicking(step func(in, out Columns), tick Tick, parts ...Ticker) Kernel {
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

func (k *ticking) Next(in, out Columns) {
	if !k.single || len(in[0]) != 1 {
		k.columns(in, out)
		return
	}
	var b, c, d float64
	a := in[0][0]
	if len(in) > 1 {
		b = in[1][0]
		if len(in) > 2 {
			c = in[2][0]
			if len(in) > 3 {
				d = in[3][0]
			}
		}
	}
	if (a-a)+(b-b)+((c-c)+(d-d)) != 0 {
		for _, col := range out {
			col[0] = math.NaN()
		}
		return
	}
	p, q, r := k.tick(a, b, c, d)
	out[0][0] = p
	if len(out) > 1 {
		out[1][0] = q
		if len(out) > 2 {
			out[2][0] = r
		}
	}
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
func NewSeries(c Series) Kernel {
	k := &series{c: c}
	k.step = func(in, out Columns) { c.Next(in[0], out[0]) }
	k.parts, k.tickers = []State{c}, []Ticker{c}
	return k
}

// series is a ticking that calls its only part itself.
type series struct {
	ticking
	c Series
}

func (k *series) Next(in, out Columns) {
	if !k.single || len(in[0]) != 1 {
		k.columns(in, out)
		return
	}
	x := in[0][0]
	if x-x != 0 {
		out[0][0] = math.NaN()
		return
	}
	out[0][0] = k.c.Tick(x)
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
