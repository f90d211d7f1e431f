//go:build goexperiment.simd

package roll

import (
	"math"
	"unsafe"
)

// nextWide takes each step twice, the one before from the values of one and two bars
// before: what adds and compares has less to do than what shifts. Where a value is no
// number it changes nothing but out: the way to it is none, which stays in the sum. It
// wants traces that run.
func (s *Strength) nextWide(x, out []float64) int {
	n := strides(len(out))
	if n == 0 {
		return 0
	}
	first := [2 + 2*lanes]float64{s.earlier, s.value}
	copy(first[2:], x)
	p, q, next := base(first[2:]), base(out), base(x[:n])
	up, way := s.gain, s.way
	unsigned, zero, hundred := withoutSign(), zeros(), all(100)
	b, b2, b4 := all(up.b), all(up.b2), all(up.b4)
	ug, uw := load(base(up.u[:]), 0), load(base(way.u[:]), 0)
	zg, zw := load(base(up.z[:]), 0), load(base(way.z[:]), 0)
	for i := n; ; {
		d, e := load(p, 0).Sub(load(p, -1)), load(p, -1).Sub(load(p, -2))
		vg := e.Max(zero).MulAdd(b, d.Max(zero))
		vw := magnitude(e, unsigned).MulAdd(b, magnitude(d, unsigned))
		zg = zg.MulAdd(b4, ug.Select128FromPair(1, 2, vg).MulAdd(b2, vg))
		zw = zw.MulAdd(b4, uw.Select128FromPair(1, 2, vw).MulAdd(b2, vw))
		hundred.Mul(zg.Div(zw)).Masked(zw.NotEqual(zero)).Store(at(q, 0))
		d, e = load(p, lanes).Sub(load(p, lanes-1)), load(p, lanes-1).Sub(load(p, lanes-2))
		ug = e.Max(zero).MulAdd(b, d.Max(zero))
		uw = magnitude(e, unsigned).MulAdd(b, magnitude(d, unsigned))
		zg = zg.MulAdd(b4, vg.Select128FromPair(1, 2, ug).MulAdd(b2, ug))
		zw = zw.MulAdd(b4, vw.Select128FromPair(1, 2, uw).MulAdd(b2, uw))
		hundred.Mul(zg.Div(zw)).Masked(zw.NotEqual(zero)).Store(at(q, lanes))
		if i -= 2 * lanes; i == 0 {
			break
		}
		next, q = unsafe.Add(next, stride), unsafe.Add(q, stride)
		p = next
	}
	store(base(up.u[:]), 0, ug)
	store(base(way.u[:]), 0, uw)
	store(base(up.z[:]), 0, zg)
	store(base(way.z[:]), 0, zw)
	done()
	if sum := way.z[glance-1]; sum-sum != 0 {
		return 0
	}
	s.earlier, s.value = x[n-2], x[n-1]
	d := s.value - s.earlier
	up.before, way.before = larger(d, 0), math.Abs(d)
	s.gain, s.way = up, way
	return n
}
