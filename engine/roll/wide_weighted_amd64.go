//go:build goexperiment.simd

package roll

import "unsafe"

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
		store(ps, i, vs)
		store(pw, i, vw)
	}
	done()
	return n
}

// weighPair is weigh of two values: w counts the newer one twice.
func weighPair(older, newer vector) (s, w vector) {
	s = older.Add(newer)
	return s, s.Add(newer)
}

// weighFootWide makes its two results one after the other: both at once would
// take more registers than there are.
func weighFootWide(x, rest, eightS, eightW []float64, r int, weighted, plain float64) int {
	n := steps(len(rest))
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, single, two := unsafe.Add(p, -8), unsafe.Add(p, -8*(r&6)), all(2)
	us2, uw2 := weighPair(load(p, -5), load(p, -4))
	if len(eightS) > 0 {
		qs, qw, four := base(eightS[:n]), base(eightW[:n]), all(4)
		us2, uw2 := us2, uw2
		vs2, vw2 := weighPair(load(p, -7), load(p, -6))
		us4, uw4 := weighVectors(vs2, vw2, us2, uw2, two)
		for i := 0; i < n; i += lanes {
			s2, w2 := weighPair(load(before, i), load(p, i))
			s4, w4 := weighVectors(earlier(us2, s2), earlier(uw2, w2), s2, w2, two)
			s8, w8 := weighVectors(us4, uw4, s4, w4, four)
			store(qs, i, s8)
			store(qw, i, w8)
			us2, uw2, us4, uw4 = s2, w2, s4, w4
		}
	}
	if r == 0 {
		done()
		return n
	}
	q, kw, kp := base(rest), all(weighted), all(plain)
	for i := 0; i < n; i += lanes {
		s2, w2 := weighPair(load(before, i), load(p, i))
		s, w := zeros(), zeros()
		if r&4 != 0 {
			s, w = weighVectors(earlier(us2, s2), earlier(uw2, w2), s2, w2, two)
			if r&2 != 0 {
				s, w = weighVectors(us2, uw2, s, w, two)
			}
		} else if r&2 != 0 {
			s, w = s2, w2
		}
		if r&1 != 0 {
			x := load(single, i)
			w = x.Add(w).Add(s)
			s = x.Add(s)
		}
		store(q, i, s.MulAdd(kp, w.Mul(kw)))
		us2, uw2 = s2, w2
	}
	done()
	return n
}

func gatherWeightedWide(out []float64, parts []weighed, rest bool, weighted, d, inv float64) int {
	n := steps(len(out))
	if n == 0 {
		return 0
	}
	type pointers struct {
		s, w  unsafe.Pointer
		plain vector
	}
	var space [most]pointers
	for k, part := range parts {
		space[k] = pointers{base(part.sum[:n]), base(part.weighted[:n]), all(part.plain)}
	}
	others := space[:len(parts)]
	q, kw, minus, k := base(out), all(weighted), all(-d), all(inv)
	i := 0
	for ; i+2*lanes <= n; i += 2 * lanes {
		t, u := zeros(), zeros()
		if rest {
			t, u = load(q, i), load(q, i+lanes)
		}
		for k := range others {
			r := &others[k]
			t = load(r.s, i).MulAdd(r.plain, load(r.w, i).MulAdd(kw, t))
			u = load(r.s, i+lanes).MulAdd(r.plain, load(r.w, i+lanes).MulAdd(kw, u))
		}
		y, z := t.Mul(k), u.Mul(k)
		store(q, i, y.MulAdd(minus, t).MulAdd(k, y))
		store(q, i+lanes, z.MulAdd(minus, u).MulAdd(k, z))
	}
	for ; i < n; i += lanes {
		t := zeros()
		if rest {
			t = load(q, i)
		}
		for k := range others {
			r := &others[k]
			t = load(r.s, i).MulAdd(r.plain, load(r.w, i).MulAdd(kw, t))
		}
		y := t.Mul(k)
		store(q, i, y.MulAdd(minus, t).MulAdd(k, y))
	}
	done()
	return n
}
