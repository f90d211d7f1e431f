package roll

import "math"

// pulse is two recurrences side by side whose values come one by one. The beats
// that a value reaches back to stand in a row, which begins anew when it is full:
// so nothing is moved and no index wraps, and a beat fills a line of the cache.
type pulse struct {
	row               [look + beats]beat
	a, ab, b2, b4, b8 both
	i                 int // where the row's last eight begin
}

// beat is what is kept of a value.
type beat struct{ x, u, f, y both }

// both are the values of two recurrences.
type both [2]float64

// beats is how many values a row takes.
const beats = 16

// take goes on in a lane where r stopped.
func (p *pulse) take(lane int, r *Recurrence) {
	u := func(k int) float64 { return math.FMA(r.ab, r.x[k-1], r.a*r.x[k]) }
	p.a[lane], p.ab[lane], p.b2[lane], p.b4[lane], p.b8[lane] = r.a, r.ab, r.b2, r.b4, r.b8
	for k := range look {
		b := &p.row[k]
		b.x[lane], b.y[lane] = r.x[k], r.y[k]
		if k >= 4 { // no value reaches back to what is before
			b.u[lane], b.f[lane] = u(k), math.FMA(r.b2, u(k-2), u(k))
		}
	}
	p.i = 0
}

// give is where r goes on.
func (p *pulse) give(lane int, r *Recurrence) {
	for k := range look {
		b := &p.row[p.i+k]
		r.x[k], r.y[k] = b.x[lane], b.y[lane]
	}
}

// last is where the last eight beats stand, and the one to come.
func (p *pulse) last() *[look + 1]beat {
	if p.i == beats {
		p.again()
	}
	return (*[look + 1]beat)(p.row[p.i : p.i+look+1])
}

// again begins the row anew. It is not to be in line: what calls it would keep
// its registers in memory.
//
//go:noinline
func (p *pulse) again() {
	copy(p.row[:], p.row[beats:])
	p.i = 0
}

// tickEach is tick, one after the other.
func (p *pulse) tickEach(x, z float64) *both {
	b := p.last()
	p.i++
	for k, v := range (both{x, z}) {
		u := math.FMA(p.ab[k], b[look-1].x[k], p.a[k]*v)
		f := math.FMA(p.b2[k], b[look-2].u[k], u)
		y := math.FMA(p.b8[k], b[0].y[k], math.FMA(p.b4[k], b[look-4].f[k], f))
		b[look].x[k], b[look].u[k], b[look].f[k], b[look].y[k] = v, u, f, y
	}
	return &b[look].y
}

// echo is what a Recurrence remembers beside its last values while they come one
// by one: where the oldest of them is, and the u and f that later ones reach back
// to, each where its successor will be.
type echo struct {
	i int
	u [2]float64
	f [4]float64
}

// Ready implements ta.Ticker.
func (r *Recurrence) Ready() bool { return r.seen == r.seed+look-1 }

// Single implements ta.Ticker.
func (r *Recurrence) Single() {
	u := func(k int) float64 { return math.FMA(r.ab, r.x[k-1], r.a*r.x[k]) }
	r.u = [2]float64{u(look - 2), u(look - 1)}
	for k := range r.f {
		r.f[k] = math.FMA(r.b2, u(look-6+k), u(look-4+k))
	}
	r.i = 0
}

// Columns implements ta.Ticker.
func (r *Recurrence) Columns() {
	x, y := r.x, r.y
	for k := range look {
		r.x[k], r.y[k] = x[(r.i+k)&(look-1)], y[(r.i+k)&(look-1)]
	}
}

// Tick is Next for one value.
func (r *Recurrence) Tick(x float64) float64 {
	i := r.i
	u := math.FMA(r.ab, r.x[(i-1)&(look-1)], r.a*x)
	f := math.FMA(r.b2, r.u[i&1], u)
	y := math.FMA(r.b8, r.y[i&(look-1)], math.FMA(r.b4, r.f[i&3], f))
	r.x[i&(look-1)], r.y[i&(look-1)], r.u[i&1], r.f[i&3] = x, y, u, f
	r.i = i + 1
	return y
}

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
	t := p.tick(x, z)
	return t[0], t[1]
}

// AppendState implements ta.State.
func (p *Pair) AppendState(b []byte) []byte { return appendStates(b, p.one, p.other) }

// Restore implements ta.State.
func (p *Pair) Restore(state []byte) ([]byte, error) { return restoreStates(state, p.one, p.other) }
