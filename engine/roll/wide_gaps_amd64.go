//go:build goexperiment.simd

package roll

import "unsafe"

// nextWide takes each step twice, the one before from the values of one and two bars
// before: what adds has less to do than what shifts. Where a value is no number it
// changes nothing but apart and slow: the step to it is none, which stays in the
// traces. It wants traces that run.
func (g *Gaps) nextWide(x, apart, slow []float64) int {
	n := strides(len(x))
	if n == 0 {
		return 0
	}
	first := [2 + 2*lanes]float64{g.earlier, g.value}
	copy(first[2:], x)
	p, q, r, next := base(first[2:]), base(apart[:n]), base(slow[:n]), base(x)
	f, s := g.fast.trace, g.slow.trace
	fk, sk := repeat(-f.b), repeat(-s.b) // in memory, for there are no more registers
	fb, fb2, fb4 := all(f.b), all(f.b2), all(f.b4)
	sb, sb2, sb4 := all(s.b), all(s.b2), all(s.b4)
	fu, fz := load(base(f.u[:]), 0), load(base(f.z[:]), 0)
	su, sz := load(base(s.u[:]), 0), load(base(s.z[:]), 0)
	for i := n; ; {
		d, e := load(p, 0).Sub(load(p, -1)), load(p, -1).Sub(load(p, -2))
		fv, sv := e.MulAdd(fb, d), e.MulAdd(sb, d)
		fz = fz.MulAdd(fb4, fu.Select128FromPair(1, 2, fv).MulAdd(fb2, fv))
		sz = sz.MulAdd(sb4, su.Select128FromPair(1, 2, sv).MulAdd(sb2, sv))
		gap := sz.Mul(sk.vector())
		gap.Store(at(r, 0))
		fz.Mul(fk.vector()).Sub(gap).Store(at(q, 0))
		d, e = load(p, lanes).Sub(load(p, lanes-1)), load(p, lanes-1).Sub(load(p, lanes-2))
		fu, su = e.MulAdd(fb, d), e.MulAdd(sb, d)
		fz = fz.MulAdd(fb4, fv.Select128FromPair(1, 2, fu).MulAdd(fb2, fu))
		sz = sz.MulAdd(sb4, sv.Select128FromPair(1, 2, su).MulAdd(sb2, su))
		gap = sz.Mul(sk.vector())
		gap.Store(at(r, lanes))
		fz.Mul(fk.vector()).Sub(gap).Store(at(q, lanes))
		if i -= 2 * lanes; i == 0 {
			break
		}
		next, q, r = unsafe.Add(next, stride), unsafe.Add(q, stride), unsafe.Add(r, stride)
		p = next
	}
	store(base(f.u[:]), 0, fu)
	store(base(f.z[:]), 0, fz)
	store(base(s.u[:]), 0, su)
	store(base(s.z[:]), 0, sz)
	done()
	if a, b := f.z[glance-1], s.z[glance-1]; (a-a)+(b-b) != 0 {
		return 0
	}
	g.earlier, g.value = x[n-2], x[n-1]
	f.before = g.value - g.earlier
	s.before = f.before
	g.fast.trace, g.slow.trace = f, s
	return n
}
