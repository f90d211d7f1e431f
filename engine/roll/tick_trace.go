package roll

// traces are two traces side by side whose values come one by one.
type traces struct {
	b, b2, b4 Two
	before    Two // the last values
	ring      [glance]struct{ u, z Two }
	i         uint // where the oldest are, round the ring
}

// take goes on where two traces stopped.
func (p *traces) take(one, other *trace) {
	*p = traces{
		b: twoOf(one.b, other.b), b2: twoOf(one.b2, other.b2), b4: twoOf(one.b4, other.b4),
		before: twoOf(one.before, other.before),
	}
	for k := range p.ring {
		p.ring[k].u = twoOf(one.u[k], other.u[k])
		p.ring[k].z = twoOf(one.z[k], other.z[k])
	}
}

// give is where the two go on.
func (p *traces) give(one, other *trace) {
	one.before, other.before = Lanes(p.before)
	for k := range p.ring {
		at := &p.ring[(p.i+uint(k))%glance]
		one.u[k], other.u[k] = Lanes(at.u)
		one.z[k], other.z[k] = Lanes(at.z)
	}
}

// next takes a value for each and returns their sums.
func (p *traces) next(x Two) Two {
	i := p.i
	p.i = i + 1
	now, two := &p.ring[i%glance], &p.ring[(i+2)%glance] // two before is two after
	u := p.before.MulAdd(p.b, x)
	z := now.z.MulAdd(p.b4, two.u.MulAdd(p.b2, u))
	p.before, now.u, now.z = x, u, z
	return z
}
