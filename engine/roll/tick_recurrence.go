package roll

import "math"

// pulse is two recurrences side by side whose values come one by one. What a value
// reaches back to is in rings, each piece where its successor will be.
type pulse struct {
	a, ab, b2, b4, b8 both
	x                 both // the last value
	u                 [2]both
	f                 [4]both
	last              [look]struct{ x, y both }
	i                 uint // where the oldest are, round all rings
}

// take goes on in a lane where r stopped.
func (p *pulse) take(lane int, r *Recurrence) {
	u := func(k int) float64 { return math.FMA(r.ab, r.x[k-1], r.a*r.x[k]) }
	p.a[lane], p.ab[lane], p.b2[lane], p.b4[lane], p.b8[lane] = r.a, r.ab, r.b2, r.b4, r.b8
	p.x[lane] = r.x[look-1]
	for k := range p.u {
		p.u[k][lane] = u(look - len(p.u) + k)
	}
	for k := range p.f {
		at := look - len(p.f) + k
		p.f[k][lane] = math.FMA(r.b2, u(at-2), u(at))
	}
	for k := range p.last {
		p.last[k].x[lane], p.last[k].y[lane] = r.x[k], r.y[k]
	}
	p.i = 0
}

// give is where r goes on.
func (p *pulse) give(lane int, r *Recurrence) {
	for k := range p.last {
		at := &p.last[(p.i+uint(k))%look]
		r.x[k], r.y[k] = at.x[lane], at.y[lane]
	}
}

// beat takes a value for each and returns their results.
func (p *pulse) beat(x pair) pair {
	i := p.i
	p.i = i + 1
	pu, pf, last := &p.u[i%2], &p.f[i%4], &p.last[i%look]
	u := load2(&p.x).MulAdd(load2(&p.ab), x.Mul(load2(&p.a)))
	f := load2(pu).MulAdd(load2(&p.b2), u)
	y := load2(&last.y).MulAdd(load2(&p.b8), load2(pf).MulAdd(load2(&p.b4), f))
	x.Store(&p.x)
	u.Store(pu)
	f.Store(pf)
	x.Store(&last.x)
	y.Store(&last.y)
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
func (p *Pair) Tick(x, z float64) (y, w float64) {
	t := p.beat(twoOf(x, z))
	return t.GetElem(0), t.GetElem(1)
}

// AppendState implements ta.State.
func (p *Pair) AppendState(b []byte) []byte { return appendStates(b, p.one, p.other) }

// Restore implements ta.State.
func (p *Pair) Restore(state []byte) ([]byte, error) { return restoreStates(state, p.one, p.other) }
