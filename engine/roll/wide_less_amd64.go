//go:build goexperiment.simd

package roll

import "unsafe"

// lessWide is aheadWide for a recurrence that has all that it reaches back to, and
// takes each vector of results from that of x while it is in a register.
// That is done a step later, beside the recurrence's own operations.
func (r *Recurrence) lessWide(x, y, dst []float64) int {
	n := strides(len(y))
	if n == 0 || r.seen < r.seed+look-1 {
		return 0
	}
	p, q, px, py := base(x[:n]), base(y), base(r.x[:]), base(r.y[:])
	pd := base(dst[:n])
	a, ab, b2, b4, b8 := all(r.a), all(r.ab), all(r.b2), all(r.b4), all(r.b8)
	u4 := load(px, 3).MulAdd(ab, load(px, 4).Mul(a))
	f4 := load(px, 1).MulAdd(ab, load(px, 2).Mul(a)).MulAdd(b2, u4)
	y8, y4 := load(py, 0), load(py, 4)
	before := shifted(load(px, 4), load(p, 0))
	for i := n; ; {
		u0 := before.MulAdd(ab, load(p, 0).Mul(a))
		u1 := load(p, 3).MulAdd(ab, load(p, 4).Mul(a))
		f0 := u4.Select128FromPair(1, 2, u0).MulAdd(b2, u0)
		f1 := u0.Select128FromPair(1, 2, u1).MulAdd(b2, u1)
		if i < n {
			store(pd, -2*lanes, load(p, -2*lanes).Sub(y8))
			store(pd, -lanes, load(p, -lanes).Sub(y4))
		}
		y8 = y8.MulAdd(b8, f4.MulAdd(b4, f0))
		y4 = y4.MulAdd(b8, f0.MulAdd(b4, f1))
		y8.Store(at(q, 0))
		y4.Store(at(q, lanes))
		u4, f4 = u1, f1
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q, pd = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(pd, stride)
		before = load(p, -1)
	}
	store(pd, 0, load(p, 0).Sub(y8))
	store(pd, lanes, load(p, lanes).Sub(y4))
	done()
	copy(r.x[:], x[n-look:n])
	copy(r.y[:], y[n-look:n])
	return n
}
