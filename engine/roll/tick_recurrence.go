package roll

import "math"

// pulse is two recurrences side by side whose values come one by one.
type pulse struct {
	ring
	factors
	i uint // where the oldest are, round the ring
}

// factors are the powers of two recurrences.
type factors struct{ a, ab, b2, b4, b8 Two }

// ring is the last eight values of two recurrences, and what was made of them. A
// value takes the place of the one eight before and reaches back to those of one, two
// and four before: all are looked up, which takes less than to reckon where they are.
type ring struct {
	stops [look]stop
	views [look]view
}

type stop struct{ x, u, f, y Two }

// view is what is seen from a stop.
type view struct{ now, one, two, four *stop }

// take sets the factors of a lane to those of r.
func (f *factors) take(k int, r *Recurrence) {
	set(&f.a, k, r.a)
	set(&f.ab, k, r.ab)
	set(&f.b2, k, r.b2)
	set(&f.b4, k, r.b4)
	set(&f.b8, k, r.b8)
}

// take goes on in a lane where r stopped, at the beginning of the ring.
func (p *ring) take(k int, r *Recurrence) {
	u := func(at int) float64 { return math.FMA(r.ab, r.x[at-1], r.a*r.x[at]) }
	before := func(i, n int) *stop { return &p.stops[(i+look-n)%look] }
	for i := range p.stops {
		now := &p.stops[i]
		p.views[i] = view{now, before(i, 1), before(i, 2), before(i, 4)}
		set(&now.x, k, r.x[i])
		set(&now.y, k, r.y[i])
		if i >= look-2 {
			set(&now.u, k, u(i))
		}
		if i >= look-4 {
			set(&now.f, k, math.FMA(r.b2, u(i-2), u(i)))
		}
	}
}

// give is where r goes on, the oldest being at i.
func (p *ring) give(k int, r *Recurrence, i uint) {
	for j := range p.stops {
		at := &p.stops[(i+uint(j))%look]
		r.x[j], r.y[j] = lane(at.x, k), lane(at.y, k)
	}
}

// beat takes a value for each, the i-th, and returns their results. It is given
// factors one by one, as several rings that have the same then leave them in
// registers.
func (p *ring) beat(i uint, a, ab, b2, b4, b8, x Two) Two {
	at := &p.views[i%look]
	now, one, two, four := at.now, at.one, at.two, at.four
	u := one.x.MulAdd(ab, x.Mul(a))
	f := two.u.MulAdd(b2, u)
	y := now.y.MulAdd(b8, four.f.MulAdd(b4, f))
	now.x, now.u, now.f, now.y = x, u, f, y
	return y
}

// take goes on in a lane where r stopped.
func (p *pulse) take(k int, r *Recurrence) {
	p.factors.take(k, r)
	p.ring.take(k, r)
	p.i = 0
}

// give is where r goes on.
func (p *pulse) give(k int, r *Recurrence) { p.ring.give(k, r, p.i) }

// beat takes a value for each and returns their results.
func (p *pulse) beat(x Two) Two {
	i := p.i
	p.i = i + 1
	return p.ring.beat(i, p.a, p.ab, p.b2, p.b4, p.b8, x)
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
