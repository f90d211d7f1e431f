//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// weighVectors is weigh.
func weighVectors(os, ow, ns, nw, h vector) (s, w vector) {
	return os.Add(ns), ns.MulAdd(h, ow.Add(nw))
}

func weighEightWide(sum, weighted []float64, s, w *octet, size float64) int {
	n := steps(len(sum))
	if n == 0 {
		return 0
	}
	ps, pw, cs, cw := base(sum), base(weighted[:n]), s.base(n), w.base(n)
	k1, k2, k4 := all(size), all(2*size), all(4*size)
	for i := 0; i < n; i += lanes {
		s6, w6 := weighVectors(load(cs[0], i), load(cw[0], i), load(cs[1], i), load(cw[1], i), k1)
		s4, w4 := weighVectors(load(cs[2], i), load(cw[2], i), load(cs[3], i), load(cw[3], i), k1)
		fs4, fw4 := weighVectors(s6, w6, s4, w4, k2)
		s2, w2 := weighVectors(load(cs[4], i), load(cw[4], i), load(cs[5], i), load(cw[5], i), k1)
		s0, w0 := weighVectors(load(cs[6], i), load(cw[6], i), load(cs[7], i), load(cw[7], i), k1)
		fs, fw := weighVectors(s2, w2, s0, w0, k2)
		vs, vw := weighVectors(fs4, fw4, fs, fw, k4)
		vs.Store(at(ps, i))
		vw.Store(at(pw, i))
	}
	done()
	return n
}

// weighPair is weigh of two values: w counts the newer one twice.
func weighPair(older, newer vector) (s, w vector) {
	s = older.Add(newer)
	return s, s.Add(newer)
}

// weighFootWide makes an even rest on the way to eight. An odd one is a pass of
// its own: both together need more registers than there are.
func weighFootWide(x, rest, s8, w8 []float64, r int, counts [2]float64) (n int, sum float64) {
	if n = strides(len(rest)); n == 0 {
		return 0, 0
	}
	var sums [lanes]float64
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	if len(s8) > 0 {
		weighEights(p, s8[:n], w8[:n], rest[:n], r, counts, &sums)
	}
	if len(s8) == 0 || r&1 != 0 {
		weighRest(p, rest[:n], r, counts, &sums)
	}
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}

func weighEights(p unsafe.Pointer, s8, w8, rest []float64, r int, counts [2]float64, sums *[lanes]float64) {
	ps, pw, q, two, four := base(s8), base(w8), base(rest), all(2), all(4)
	weighted, plain, seen := all(counts[0]), all(counts[1]), zeros()
	us2, uw2 := weighPair(load(p, -5), load(p, -4))
	vs2, vw2 := weighPair(load(p, -7), load(p, -6))
	us := vs2.Add(us2)
	uw := us2.MulAdd(two, vw2.Add(uw2))
	for i := len(s8); ; {
		s2 := load(p, -1).Add(load(p, 0))
		w2 := s2.Add(load(p, 0))
		s4 := us2.Select128FromPair(1, 2, s2).Add(s2)
		w4 := s2.MulAdd(two, uw2.Select128FromPair(1, 2, w2).Add(w2))
		store(ps, 0, us.Add(s4))
		store(pw, 0, s4.MulAdd(four, uw.Add(w4)))
		switch r {
		case 0:
			store(q, 0, s2.Sub(s2))
		case 2:
			store(q, 0, s2.MulAdd(plain, w2.Mul(weighted)))
		case 4:
			store(q, 0, s4.MulAdd(plain, w4.Mul(weighted)))
		case 6:
			store(q, 0, us2.Add(s4).MulAdd(plain, s4.MulAdd(two, uw2.Add(w4)).Mul(weighted)))
		}
		us2 = load(p, lanes-1).Add(load(p, lanes))
		uw2 = us2.Add(load(p, lanes))
		us = s2.Select128FromPair(1, 2, us2).Add(us2)
		uw = us2.MulAdd(two, w2.Select128FromPair(1, 2, uw2).Add(uw2))
		seen = seen.Add(s4.Add(us)) // its last sum has all eight values
		store(ps, lanes, s4.Add(us))
		store(pw, lanes, us.MulAdd(four, w4.Add(uw)))
		switch r {
		case 0:
			store(q, lanes, us2.Sub(us2))
		case 2:
			store(q, lanes, us2.MulAdd(plain, uw2.Mul(weighted)))
		case 4:
			store(q, lanes, us.MulAdd(plain, uw.Mul(weighted)))
		case 6:
			store(q, lanes, s2.Add(us).MulAdd(plain, us.MulAdd(two, w2.Add(uw)).Mul(weighted)))
		}
		if i -= 2 * lanes; i == 0 {
			seen.Store(sums)
			done()
			return
		}
		p, ps, pw, q = unsafe.Add(p, stride), unsafe.Add(ps, stride), unsafe.Add(pw, stride), unsafe.Add(q, stride)
	}
}

func weighRest(p unsafe.Pointer, rest []float64, r int, counts [2]float64, sums *[lanes]float64) {
	q, single := base(rest), unsafe.Add(p, -8*(r&6))
	two, weighted, plain, seen := all(2), all(counts[0]), all(counts[1]), zeros()
	us2, uw2 := weighPair(load(p, -5), load(p, -4))
	for i := len(rest); ; {
		s, w, t, x := zeros(), zeros(), zeros(), zeros()
		seen = seen.Add(load(p, 0).Add(load(p, lanes)))
		if r > 1 {
			s2 := load(p, -1).Add(load(p, 0))
			w2 := s2.Add(load(p, 0))
			t2 := load(p, lanes-1).Add(load(p, lanes))
			x2 := t2.Add(load(p, lanes))
			s, w, t, x = s2, w2, t2, x2
			if r&4 != 0 {
				s = us2.Select128FromPair(1, 2, s2).Add(s2)
				w = s2.MulAdd(two, uw2.Select128FromPair(1, 2, w2).Add(w2))
				t = s2.Select128FromPair(1, 2, t2).Add(t2)
				x = t2.MulAdd(two, w2.Select128FromPair(1, 2, x2).Add(x2))
				if r&2 != 0 {
					w, x = s.MulAdd(two, uw2.Add(w)), t.MulAdd(two, w2.Add(x))
					s, t = us2.Add(s), s2.Add(t)
				}
			}
			us2, uw2 = t2, x2
		}
		if r&1 != 0 {
			s, w = load(single, 0).Add(s), s.Add(load(single, 0).Add(w))
			t, x = load(single, lanes).Add(t), t.Add(load(single, lanes).Add(x))
		}
		store(q, 0, s.MulAdd(plain, w.Mul(weighted)))
		store(q, lanes, t.MulAdd(plain, x.Mul(weighted)))
		if i -= 2 * lanes; i == 0 {
			seen.Store(sums)
			done()
			return
		}
		p, q, single = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(single, stride)
	}
}

// combineWide takes the columns five by five, sixteen bars at once: so many
// pointers and weights fit into registers, and the sum so far waits in out.
func combineWide(out []float64, columns [][]float64, weights []repeated, d, inv float64) int {
	n := len(out) &^ (4*lanes - 1)
	if !wide || n == 0 {
		return 0
	}
	for k := 0; k == 0 || k < len(columns); k += 5 {
		to := min(k+5, len(columns))
		combineFive(out[:n], columns[k:to], weights[k:to], to == len(columns), d, inv)
	}
	return n
}

// combineFive adds up to five columns to out, and divides what has the last.
func combineFive(out []float64, columns [][]float64, weights []repeated, last bool, d, inv float64) {
	q, p, w := base(out), [5]unsafe.Pointer{}, [5]repeated{}
	for k := range p {
		p[k] = q
		if k < len(columns) {
			p[k], w[k] = base(columns[k][:len(out)]), weights[k]
		}
	}
	p0, p1, p2, p3, p4 := p[0], p[1], p[2], p[3], p[4]
	w0, w1, w2, w3, w4 := w[0].vector(), w[1].vector(), w[2].vector(), w[3].vector(), w[4].vector()
	minus, k, count := all(-d), all(inv), len(columns)
	for i := len(out); ; {
		s, t := archsimd.LoadFloat64x4(at(q, 0)), archsimd.LoadFloat64x4(at(q, lanes))
		u, v := archsimd.LoadFloat64x4(at(q, 2*lanes)), archsimd.LoadFloat64x4(at(q, 3*lanes))
		if count > 0 {
			s, t = load(p0, 0).MulAdd(w0, s), load(p0, lanes).MulAdd(w0, t)
			u, v = load(p0, 2*lanes).MulAdd(w0, u), load(p0, 3*lanes).MulAdd(w0, v)
		}
		if count > 1 {
			s, t = load(p1, 0).MulAdd(w1, s), load(p1, lanes).MulAdd(w1, t)
			u, v = load(p1, 2*lanes).MulAdd(w1, u), load(p1, 3*lanes).MulAdd(w1, v)
		}
		if count > 2 {
			s, t = load(p2, 0).MulAdd(w2, s), load(p2, lanes).MulAdd(w2, t)
			u, v = load(p2, 2*lanes).MulAdd(w2, u), load(p2, 3*lanes).MulAdd(w2, v)
		}
		if count > 3 {
			s, t = load(p3, 0).MulAdd(w3, s), load(p3, lanes).MulAdd(w3, t)
			u, v = load(p3, 2*lanes).MulAdd(w3, u), load(p3, 3*lanes).MulAdd(w3, v)
		}
		if count > 4 {
			s, t = load(p4, 0).MulAdd(w4, s), load(p4, lanes).MulAdd(w4, t)
			u, v = load(p4, 2*lanes).MulAdd(w4, u), load(p4, 3*lanes).MulAdd(w4, v)
		}
		if last {
			y, z := s.Mul(k), t.Mul(k)
			s, t = y.MulAdd(minus, s).MulAdd(k, y), z.MulAdd(minus, t).MulAdd(k, z)
			y, z = u.Mul(k), v.Mul(k)
			u, v = y.MulAdd(minus, u).MulAdd(k, y), z.MulAdd(minus, v).MulAdd(k, z)
		}
		s.Store(at(q, 0))
		t.Store(at(q, lanes))
		u.Store(at(q, 2*lanes))
		v.Store(at(q, 3*lanes))
		if i -= 4 * lanes; i == 0 {
			done()
			return
		}
		q, p0, p1, p2, p3, p4 = unsafe.Add(q, 2*stride), unsafe.Add(p0, 2*stride), unsafe.Add(p1, 2*stride), unsafe.Add(p2, 2*stride), unsafe.Add(p3, 2*stride), unsafe.Add(p4, 2*stride)
	}
}
