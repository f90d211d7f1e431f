package roll

import "math"

// pulse is two recurrences side by side whose values come one by one.
type pulse struct {
	factors
	rings
	i uint // where the oldest are, round all rings
}

// factors are the powers of two recurrences.
type factors struct{ a, ab, b2, b4, b8 Two }

// rings are what a value of two recurrences reaches back to, each piece where its
// successor will be.
type rings struct {
	x    Two // the last value
	u    [2]Two
	f    [4]Two
	last [look]struct{ x, y Two }
}

// take sets the factors of a lane to those of r.
func (f *factors) take(k int, r *Recurrence) {
	set(&f.a, k, r.a)
	set(&f.ab, k, r.ab)
	set(&f.b2, k, r.b2)
	set(&f.b4, k, r.b4)
	set(&f.b8, k, r.b8)
}

// take goes on in a lane where r stopped, at the beginning of each ring.
func (p *rings) take(k int, r *Recurrence) {
	set(&p.x, k, r.x[look-1])
	u := func(at int) float64 { return math.FMA(r.ab, r.x[at-1], r.a*r.x[at]) }
	for i := range p.u {
		set(&p.u[i], k, u(look-len(p.u)+i))
	}
	for i := range p.f {
		at := look - len(p.f) + i
		set(&p.f[i], k, math.FMA(r.b2, u(at-2), u(at)))
	}
	for i := range p.last {
		set(&p.last[i].x, k, r.x[i])
		set(&p.last[i].y, k, r.y[i])
	}
}

// give is where r goes on, the oldest being at i.
func (p *rings) give(k int, r *Recurrence, i uint) {
	for j := range p.last {
		at := &p.last[(i+uint(j))%look]
		r.x[j], r.y[j] = lane(at.x, k), lane(at.y, k)
	}
}

// beat takes a value for each and returns their results, at these places in the
// rings of two, four and eight. It is given factors one by one, as several rings
// that have the same then leave them in registers.
func (p *rings) beat(i2, i4, i8 uint, a, ab, b2, b4, b8, x Two) Two {
	last := &p.last[i8]
	u := p.x.MulAdd(ab, x.Mul(a))
	f := p.u[i2].MulAdd(b2, u)
	y := last.y.MulAdd(b8, p.f[i4].MulAdd(b4, f))
	p.x, p.u[i2], p.f[i4], last.x, last.y = x, u, f, x, y
	return y
}

// take goes on in a lane where r stopped.
func (p *pulse) take(k int, r *Recurrence) {
	p.factors.take(k, r)
	p.rings.take(k, r)
	p.i = 0
}

// give is where r goes on.
func (p *pulse) give(k int, r *Recurrence) { p.rings.give(k, r, p.i) }

// beat takes a value for each and returns their results.
func (p *pulse) beat(x Two) Two {
	i := p.i
	p.i = i + 1
	return p.rings.beat(i%2, i%4, i%look, p.a, p.ab, p.b2, p.b4, p.b8, x)
}

// Ready implements ta.Ticker.
func (r *Recurrence) Ready() bool { return paired() && r.seen == r.seed+look-1 }

// Single implements ta.Ticker.
func (r *Recurrence) Single() {
	r.pulse.take(0, r)
	r.pulse.take(1, r) // for it is in both lanes
}

// Columns implements ta.Ticker.
func (r *Recurrence) Columns() { r.pulse.give(0, r) }

// Tick is Next for one value.
func (r *Recurrence) Tick(x float64) float64 { return r.pulse.beat(twice(x)).GetElem(0) }

// Pair is two recurrences whose values come one by one, both for the time of
// one.
type Pair struct {
	pulse
	one, other *Recurrence
}

// NewPair takes the place of two recurrences while they are told to take values
// Single.
func NewPair(one, other *Recurrence) *Pair { return &Pair{one: one, other: other} }

// Ready implements ta.Ticker.
func (p *Pair) Ready() bool { return p.one.Ready() && p.other.Ready() }

// Single implements ta.Ticker.
func (p *Pair) Single() {
	p.take(0, p.one)
	p.take(1, p.other)
}

// Columns implements ta.Ticker.
func (p *Pair) Columns() {
	p.give(0, p.one)
	p.give(1, p.other)
}

// Tick is Next of both for a value each.
func (p *Pair) Tick(x Two) Two { return p.beat(x) }

// AppendState implements ta.State.
func (p *Pair) AppendState(b []byte) []byte { return appendStates(b, p.one, p.other) }

// Restore implements ta.State.
func (p *Pair) Restore(state []byte) ([]byte, error) { return restoreStates(state, p.one, p.other) }
