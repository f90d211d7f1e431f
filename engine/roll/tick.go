package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Many calculations have a third body, Tick, for a stream whose bars come one by
// one: a value in, a result out, in the same operations and so with the same
// bits. What can be done side by side is done in the lanes of a Two. It may be
// called once a calculation is Ready and told to take values Single, and until it
// is told to take Columns again.

// Kernel makes a kernel of a calculation from the only input to the only
// output.
func Kernel(c Average) ta.Kernel {
	k := kernel(c)
	if w, ok := c.(watcher); ok {
		return ta.Watchful(k, func(in, out ta.Columns) bool { return w.Watch(in[0], out[0]) })
	}
	return k
}

func kernel(c Average) ta.Kernel {
	step := func(in, out ta.Columns) { c.Next(in[0], out[0]) }
	switch c := c.(type) {
	case own:
		return ta.NewTicking(step, c.ownTick(), c)
	case ta.Series:
		return ta.NewTicking(step, func(x, _, _, _ float64) (y, _, _ float64) {
			if ta.Hole(x) {
				return ta.NoValues()
			}
			return c.Tick(x), 0, 0
		}, c)
	}
	return ta.NewKernel(step, c)
}

// own is a calculation that makes its kernel's tick itself, which spares the call of
// its Tick.
type own interface {
	ta.Ticker
	ownTick() ta.Tick
}

// watcher is a calculation that finds holes itself, as ta.Watchful asks.
type watcher interface {
	Watch(x, out []float64) bool
}

// Ready implements ta.Ticker.
func (c *count) Ready() bool { return c.missing == 0 }

// Single implements ta.Ticker; most calculations remember the same in both forms.
func (c *count) Single() {}

// Columns implements ta.Ticker.
func (c *count) Columns() {}

// put appends one value.
func (t *track) put(x float64) {
	if t.end == len(t.buf) {
		t.rewind()
	}
	t.buf[t.end] = x
	t.end++
}

// at is the value of so many values before the newest.
func (t *track) at(back int) float64 { return t.buf[t.end-1-back] }

// Lanes takes two apart.
func Lanes(t Two) (float64, float64) { return t.GetElem(0), t.GetElem(1) }

// lane is one of two, 0 or 1.
func lane(t Two, k int) float64 {
	if k == 0 {
		return t.GetElem(0)
	}
	return t.GetElem(1)
}

// set puts x in a lane.
func set(t *Two, k int, x float64) {
	if k == 0 {
		*t = twoOf(x, t.GetElem(1))
	} else {
		*t = twoOf(t.GetElem(0), x)
	}
}

// newest are the newest values, as many as a vector has.
func (t *track) newest() *[lanes]float64 { return (*[lanes]float64)(t.buf[t.end-lanes : t.end]) }

// gain is d where it is positive, and else 0.
func gain(d float64) float64 {
	bits := int64(math.Float64bits(d))
	return math.Float64frombits(uint64(bits &^ (bits >> 63)))
}

// pick is a where yes, and else b.
func pick(yes bool, a, b float64) float64 {
	x, y := math.Float64bits(a), math.Float64bits(b)
	if yes {
		y = x // a conditional move, as both are at hand
	}
	return math.Float64frombits(y)
}

// divided is t / d, as Divide divides.
func divided(t, d, inv float64) float64 {
	q := t * inv
	return math.FMA(math.FMA(-q, d, t), inv, q)
}

// quotient is what divides by a number as Divide does.
type quotient struct{ minus, inverse Two }

func quotientBy(d float64) quotient { return quotient{twice(-d), twice(1 / d)} }

func (d *quotient) of(t Two) Two {
	q := t.Mul(d.inverse)
	return q.MulAdd(d.minus, t).MulAdd(d.inverse, q)
}

// replay gives next what came one by one: a block of values times sign, oldest
// first, of which at is the place of the next one. What is from there on came
// before, if the block was full once.
func replay(values []float64, at int, full bool, sign float64, next func(x, out []float64) int) {
	last := values[:at]
	if full {
		last = append(values[at:len(values):len(values)], last...)
	}
	var out [ta.Tile]float64
	for len(last) > 0 {
		x := last[:min(len(last), ta.Tile)]
		for i := range x {
			x[i] *= sign // back to what was given
		}
		next(x, out[:len(x)])
		last = last[len(x):]
	}
}
