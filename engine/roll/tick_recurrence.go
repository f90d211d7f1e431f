package roll

import "math"

// pulse is two recurrences side by side whose values come one by one. What a value
// reaches back to is in rings, each piece where its successor will be.
type pulse struct {
	a, ab, b2, b4, b8 Two
	x                 Two // the last value
	u                 [2]Two
	f                 [4]Two
	last              [look]struct{ x, y Two }
	i                 uint // where the oldest are, round all rings
}

// take goes on in a lane where r stopped.
func (p *pulse) take(k int, r *Recurrence) {
	set(&p.a, k, r.a)
	set(&p.ab, k, r.ab)
	set(&p.b2, k, r.b2)
	set(&p.b4, k, r.b4)
	set(&p.b8, k, r.b8)
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
	p.i = 0
}

// give is where r goes on.
func (p *pulse) give(k int, r *Recurrence) {
	for i := range p.last {
		at := &p.last[(p.i+uint(i))%look]
		r.x[i], r.y[i] = lane(at.x, k), lane(at.y, k)
	}
}

// beat takes a value for each and returns their results.
func (p *pulse) beat(x Two) Two {
	i := p.i
	p.i = i + 1
	return p.beatAt(i%2, i%4, i%look, x)
}

// beatAt is beat at these places in the rings of two, four and eight. Recurrences
// that are given values together are at the same ones.
func (p *pulse) beatAt(i2, i4, i8 uint, x Two) Two {
	last := &p.last[i8]
	u := p.x.MulAdd(p.ab, x.Mul(p.a))
	f := p.u[i2].MulAdd(p.b2, u)
	y := last.y.MulAdd(p.b8, p.f[i4].MulAdd(p.b4, f))
	p.x, p.u[i2], p.f[i4], last.x, last.y = x, u, f, x, y
	return y
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
