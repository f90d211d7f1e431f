package roll

// wake is what two traces side by side, whose values come one by one, reach back to,
// round a ring: the i-th value takes the place of the oldest, at i.
type wake [glance]struct{ u, z Two }

// take goes on where two traces stopped, from 0 on.
func (w *wake) take(one, other *trace) {
	for k := range w {
		w[k].u = twoOf(one.u[k], other.u[k])
		w[k].z = twoOf(one.z[k], other.z[k])
	}
}

// give is where the two go on.
func (w *wake) give(one, other *trace, i uint) {
	for k := range w {
		at := &w[(i+uint(k))%glance]
		one.u[k], other.u[k] = Lanes(at.u)
		one.z[k], other.z[k] = Lanes(at.z)
	}
}

// next takes a u for each and returns their sums.
func (w *wake) next(i uint, b2, b4, u Two) Two {
	now, two := &w[i%glance], &w[(i+2)%glance] // two before is two after
	z := now.z.MulAdd(b4, two.u.MulAdd(b2, u))
	now.u, now.z = u, z
	return z
}

// traces are two traces side by side whose values come one by one.
type traces struct {
	b, b2, b4 Two
	before    Two // the last values
	wake      wake
	i         uint // how many values came
}

// take goes on where two traces stopped.
func (p *traces) take(one, other *trace) {
	*p = traces{
		b: twoOf(one.b, other.b), b2: twoOf(one.b2, other.b2), b4: twoOf(one.b4, other.b4),
		before: twoOf(one.before, other.before),
	}
	p.wake.take(one, other)
}

// give is where the two go on.
func (p *traces) give(one, other *trace) {
	one.before, other.before = Lanes(p.before)
	p.wake.give(one, other, p.i)
}

// next takes a value for each and returns their sums.
func (p *traces) next(x Two) Two {
	i := p.i
	p.i = i + 1
	u := p.before.MulAdd(p.b, x)
	p.before = x
	return p.wake.next(i, p.b2, p.b4, u)
}
