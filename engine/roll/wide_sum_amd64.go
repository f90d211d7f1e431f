//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

func addFewWide(x, out []float64, r int, d, inv float64) (n int, sum float64) {
	if n = strides(len(out)); n == 0 {
		return 0, 0
	}
	var sums [lanes]float64
	seen := zeros()
	p, q := unsafe.Add(base(x[:n+footing]), footing*8), base(out)
	one := unsafe.Add(p, -8*(r&6))
	minus, k := all(-d), all(inv)
	if r < 4 {
		for i := n; ; {
			s, t := load(p, 0), load(p, lanes)
			if r > 1 {
				s, t = load(p, -1).Add(load(p, 0)), load(p, lanes-1).Add(load(p, lanes))
			}
			if r > 2 {
				s, t = load(p, -2).Add(s), load(p, lanes-2).Add(t)
			}
			seen = seen.Add(s.Add(t))
			y, z := s.Mul(k), t.Mul(k)
			store(q, 0, y.MulAdd(minus, s).MulAdd(k, y))
			store(q, lanes, z.MulAdd(minus, t).MulAdd(k, z))
			if i -= 2 * lanes; i == 0 {
				seen.Store(&sums)
				done()
				return n, sums[0] + sums[1] + sums[2] + sums[3]
			}
			p, q = unsafe.Add(p, stride), unsafe.Add(q, stride)
		}
	}
	u2 := load(p, -5).Add(load(p, -4))
	for i := n; ; {
		s2, t2 := load(p, -1).Add(load(p, 0)), load(p, lanes-1).Add(load(p, lanes))
		s, t := u2.Select128FromPair(1, 2, s2).Add(s2), s2.Select128FromPair(1, 2, t2).Add(t2)
		if r&2 != 0 {
			s, t = s.Add(u2), t.Add(s2)
		}
		u2 = t2
		if r&1 != 0 {
			s, t = s.Add(load(one, 0)), t.Add(load(one, lanes))
		}
		seen = seen.Add(s.Add(t))
		y, z := s.Mul(k), t.Mul(k)
		store(q, 0, y.MulAdd(minus, s).MulAdd(k, y))
		store(q, lanes, z.MulAdd(minus, t).MulAdd(k, z))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q, one = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(one, stride)
	}
	seen.Store(&sums)
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}

func addFootWide(x, rest, eight []float64, r int) (n int, sum float64) {
	if n = strides(len(rest)); n == 0 {
		return 0, 0
	}
	var sums [lanes]float64
	seen := zeros()
	p, q, q8 := unsafe.Add(base(x[:n+footing]), footing*8), base(rest), base(eight[:n])
	one := unsafe.Add(p, -8*(r&6))
	u2 := load(p, -5).Add(load(p, -4))
	u4 := load(p, -7).Add(load(p, -6)).Add(u2)
	for i := n; ; {
		s2, t2 := load(p, -1).Add(load(p, 0)), load(p, lanes-1).Add(load(p, lanes))
		s4, t4 := u2.Select128FromPair(1, 2, s2).Add(s2), s2.Select128FromPair(1, 2, t2).Add(t2)
		s8, t8 := u4.Add(s4), s4.Add(t4)
		seen = seen.Add(t8) // its last sum has all eight values
		s8.Store(at(q8, 0))
		t8.Store(at(q8, lanes))
		if r != 0 {
			s, t := zeros(), zeros()
			sPair, tPair := s2, t2
			if r&4 != 0 {
				s, t = s4, t4
				sPair, tPair = u2, s2
			}
			if r&2 != 0 {
				s, t = s.Add(sPair), t.Add(tPair)
			}
			if r&1 != 0 {
				s, t = s.Add(load(one, 0)), t.Add(load(one, lanes))
			}
			s.Store(at(q, 0))
			t.Store(at(q, lanes))
		}
		if i -= 2 * lanes; i == 0 {
			break
		}
		u2, u4 = t2, t4
		p, q, q8, one = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(q8, stride), unsafe.Add(one, stride)
	}
	seen.Store(&sums)
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}

func addEightWide(dst []float64, o *octet) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, c := base(dst), o.base(n)
	for i := 0; i < n; i += lanes {
		older := load(c[0], i).Add(load(c[1], i)).Add(load(c[2], i).Add(load(c[3], i)))
		newer := load(c[4], i).Add(load(c[5], i)).Add(load(c[6], i).Add(load(c[7], i)))
		store(q, i, older.Add(newer))
	}
	done()
	return n
}

// gatherWide does sixteen bars at once, so that what a part costs by itself is
// shared by more of them; the first four have their pointers in registers.
func gatherWide(out []float64, parts [][]float64, d, inv float64) int {
	n := len(out) &^ (4*lanes - 1)
	if !wide || n == 0 {
		return 0
	}
	var whole cursors
	near, far := whole.set(parts, n)
	q, minus, k := base(out), all(-d), all(inv)
	p0, p1, p2, p3 := near[0], near[1], near[2], near[3]
	count := len(parts)
	for i := n; ; {
		s, t := archsimd.LoadFloat64x4(at(p0, 0)), archsimd.LoadFloat64x4(at(p0, lanes))
		u, v := archsimd.LoadFloat64x4(at(p0, 2*lanes)), archsimd.LoadFloat64x4(at(p0, 3*lanes))
		if count > 1 {
			s, t = s.Add(load(p1, 0)), t.Add(load(p1, lanes))
			u, v = u.Add(load(p1, 2*lanes)), v.Add(load(p1, 3*lanes))
		}
		if count > 2 {
			s, t = s.Add(load(p2, 0)), t.Add(load(p2, lanes))
			u, v = u.Add(load(p2, 2*lanes)), v.Add(load(p2, 3*lanes))
		}
		if count > 3 {
			s, t = s.Add(load(p3, 0)), t.Add(load(p3, lanes))
			u, v = u.Add(load(p3, 2*lanes)), v.Add(load(p3, 3*lanes))
		}
		for k := range far {
			p := unsafe.Add(far[k], (n-i)*8)
			s, t = s.Add(load(p, 0)), t.Add(load(p, lanes))
			u, v = u.Add(load(p, 2*lanes)), v.Add(load(p, 3*lanes))
		}
		y, z := s.Mul(k), t.Mul(k)
		store(q, 0, y.MulAdd(minus, s).MulAdd(k, y))
		store(q, lanes, z.MulAdd(minus, t).MulAdd(k, z))
		y, z = u.Mul(k), v.Mul(k)
		store(q, 2*lanes, y.MulAdd(minus, u).MulAdd(k, y))
		store(q, 3*lanes, z.MulAdd(minus, v).MulAdd(k, z))
		if i -= 4 * lanes; i == 0 {
			break
		}
		q, p0, p1, p2, p3 = unsafe.Add(q, 2*stride), unsafe.Add(p0, 2*stride), unsafe.Add(p1, 2*stride), unsafe.Add(p2, 2*stride), unsafe.Add(p3, 2*stride)
	}
	done()
	return n
}
