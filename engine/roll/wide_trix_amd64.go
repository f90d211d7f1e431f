//go:build goexperiment.simd

package roll

import "unsafe"

// nextWide is two passes, for what a vector goes through from its values to its result
// is too long for a processor to see enough vectors ahead (ADR 14). Where a value is no
// number it changes nothing but out: the step to it is none, which stays in the traces.
// It wants traces that run.
func (t *Trix) nextWide(x, out []float64) int {
	n := strides(len(out))
	if n == 0 {
		return 0
	}
	s := t.stages
	t.twoWide(&s, x[:n], out)
	t.thirdWide(&s[2].trace, out[:n])
	done()
	if last := s[2].z[glance-1]; last-last != 0 {
		return 0
	}
	t.earlier, t.value = x[n-2], x[n-1]
	s[0].before = t.value - t.earlier
	t.stages = s
	return n
}

// twoWide sets u to that of the third trace, and t.was to what the last average was a
// bar before, but for the third gap. It takes each step twice, the one before from the
// values of one and two bars before.
func (t *Trix) twoWide(s *[3]gapTrace, x, u []float64) {
	first := [2 + 2*lanes]float64{t.earlier, t.value}
	copy(first[2:], x)
	p, q, r, next := base(first[2:]), base(u), base(t.was[:len(x)]), base(x)
	b, b2, b4, k1, k2 := all(s[0].b), all(s[0].b2), all(s[0].b4), all(t.behind[0]), all(t.behind[1])
	u1, z1 := load(base(s[0].u[:]), 0), load(base(s[0].z[:]), 0)
	u2, z2 := load(base(s[1].u[:]), 0), load(base(s[1].z[:]), 0)
	for i := len(x); ; {
		d, e := load(p, 0).Sub(load(p, -1)), load(p, -1).Sub(load(p, -2))
		v1 := e.MulAdd(b, d)
		z1 = z1.MulAdd(b4, u1.Select128FromPair(1, 2, v1).MulAdd(b2, v1))
		v2 := z1.Sub(d).Add(z1)
		z2 = z2.MulAdd(b4, u2.Select128FromPair(1, 2, v2).MulAdd(b2, v2))
		z2.Sub(z1).Add(z2).Store(at(q, 0))
		z2.MulAdd(k2, z1.MulAdd(k1, load(p, 0))).Store(at(r, 0))
		d, e = load(p, lanes).Sub(load(p, lanes-1)), load(p, lanes-1).Sub(load(p, lanes-2))
		u1 = e.MulAdd(b, d)
		z1 = z1.MulAdd(b4, v1.Select128FromPair(1, 2, u1).MulAdd(b2, u1))
		u2 = z1.Sub(d).Add(z1)
		z2 = z2.MulAdd(b4, v2.Select128FromPair(1, 2, u2).MulAdd(b2, u2))
		z2.Sub(z1).Add(z2).Store(at(q, lanes))
		z2.MulAdd(k2, z1.MulAdd(k1, load(p, lanes))).Store(at(r, lanes))
		if i -= 2 * lanes; i == 0 {
			break
		}
		next, q, r = unsafe.Add(next, stride), unsafe.Add(q, stride), unsafe.Add(r, stride)
		p = next
	}
	store(base(s[0].u[:]), 0, u1)
	store(base(s[0].z[:]), 0, z1)
	store(base(s[1].u[:]), 0, u2)
	store(base(s[1].z[:]), 0, z2)
}

// thirdWide sets out, which has the u of the third trace, to the changes.
func (t *Trix) thirdWide(third *trace, out []float64) {
	q, r := base(out), base(t.was[:len(out)])
	b2, b4, k3, scale, zero := all(third.b2), all(third.b4), all(t.behind[2]), all(t.scale), zeros()
	u, z := load(base(third.u[:]), 0), load(base(third.z[:]), 0)
	for i := len(out); ; {
		v := load(q, 0)
		z = z.MulAdd(b4, u.Select128FromPair(1, 2, v).MulAdd(b2, v))
		was := z.MulAdd(k3, load(r, 0))
		z.Mul(scale).Div(was).Masked(was.NotEqual(zero)).Store(at(q, 0))
		u = load(q, lanes)
		z = z.MulAdd(b4, v.Select128FromPair(1, 2, u).MulAdd(b2, u))
		was = z.MulAdd(k3, load(r, lanes))
		z.Mul(scale).Div(was).Masked(was.NotEqual(zero)).Store(at(q, lanes))
		if i -= 2 * lanes; i == 0 {
			break
		}
		q, r = unsafe.Add(q, stride), unsafe.Add(r, stride)
	}
	store(base(third.u[:]), 0, u)
	store(base(third.z[:]), 0, z)
}
