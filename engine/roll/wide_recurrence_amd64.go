//go:build goexperiment.simd

package roll

import "unsafe"

// aheadWide is two vectors a step: the one chain of dependent operations is a
// multiply-add for eight bars. The first step reaches into the last chunk, whose
// end r keeps. What a step begins with is made in the step before: the fewer of its
// operations wait for each other, the more steps some processors have under way.
func (r *Recurrence) aheadWide(x, y []float64) int {
	n := strides(len(y))
	if n == 0 {
		return 0
	}
	p, q, px, py := base(x[:n]), base(y), base(r.x[:]), base(r.y[:])
	a, ab, b2, b4, b8 := all(r.a), all(r.ab), all(r.b2), all(r.b4), all(r.b8)
	u4 := load(px, 3).MulAdd(ab, load(px, 4).Mul(a))
	f4 := load(px, 1).MulAdd(ab, load(px, 2).Mul(a)).MulAdd(b2, u4)
	y8, y4 := load(py, 0), load(py, 4)
	u0 := shifted(load(px, 4), load(p, 0)).MulAdd(ab, load(p, 0).Mul(a))
	u1 := load(p, 3).MulAdd(ab, load(p, 4).Mul(a))
	for i := n - 2*lanes; i > 0; i -= 2 * lanes {
		v0 := load(p, 7).MulAdd(ab, load(p, 8).Mul(a))
		v1 := load(p, 11).MulAdd(ab, load(p, 12).Mul(a))
		f0 := u4.Select128FromPair(1, 2, u0).MulAdd(b2, u0)
		f1 := u0.Select128FromPair(1, 2, u1).MulAdd(b2, u1)
		y8 = y8.MulAdd(b8, f4.MulAdd(b4, f0))
		y4 = y4.MulAdd(b8, f0.MulAdd(b4, f1))
		y8.Store(at(q, 0))
		y4.Store(at(q, lanes))
		u4, f4, u0, u1 = u1, f1, v0, v1
		p, q = unsafe.Add(p, stride), unsafe.Add(q, stride)
	}
	f0 := u4.Select128FromPair(1, 2, u0).MulAdd(b2, u0)
	f1 := u0.Select128FromPair(1, 2, u1).MulAdd(b2, u1)
	y8.MulAdd(b8, f4.MulAdd(b4, f0)).Store(at(q, 0))
	y4.MulAdd(b8, f0.MulAdd(b4, f1)).Store(at(q, lanes))
	done()
	return n
}
