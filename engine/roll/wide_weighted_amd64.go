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

func weighFootWide(x, s4, w4, s8, w8 []float64) int {
	n := steps(len(x) - footing)
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, two, four := unsafe.Add(p, -8), all(2), all(4)
	ps4, pw4, ps8, pw8 := optional(s4, n), optional(w4, n), base(s8[:n]), base(w8[:n])
	us2, uw2 := weighPair(load(p, -5), load(p, -4))
	vs2, vw2 := weighPair(load(p, -7), load(p, -6))
	us, uw := weighVectors(vs2, vw2, us2, uw2, two)
	for i := 0; i < n; i += lanes {
		s2, w2 := weighPair(load(before, i), load(p, i))
		s, w := weighVectors(earlier(us2, s2), earlier(uw2, w2), s2, w2, two)
		if ps4 != nil {
			store(ps4, i, s)
			store(pw4, i, w)
		}
		es, ew := weighVectors(us, uw, s, w, four)
		store(ps8, i, es)
		store(pw8, i, ew)
		us2, uw2, us, uw = s2, w2, s, w
	}
	done()
	return n
}

// combineWide does sixteen bars at once: the additions to one sum wait for each
// other.
func combineWide(out []float64, columns [][]float64, weights []repeated, d, inv float64) int {
	n := steps(len(out))
	if n == 0 {
		return 0
	}
	for _, col := range columns {
		_ = col[:n]
	}
	weights = weights[:len(columns)]
	q, minus, k := base(out), all(-d), all(inv)
	divide := func(t vector) vector {
		y := t.Mul(k)
		return y.MulAdd(minus, t).MulAdd(k, y)
	}
	i := 0
	for ; i+4*lanes <= n; i += 4 * lanes {
		t0, t1, t2, t3 := zeros(), zeros(), zeros(), zeros()
		for k := range columns {
			p, w := unsafe.Add(base(columns[k]), i*8), weights[k].vector()
			t0 = load(p, 0).MulAdd(w, t0)
			t1 = load(p, lanes).MulAdd(w, t1)
			t2 = load(p, 2*lanes).MulAdd(w, t2)
			t3 = load(p, 3*lanes).MulAdd(w, t3)
		}
		store(q, i, divide(t0))
		store(q, i+lanes, divide(t1))
		store(q, i+2*lanes, divide(t2))
		store(q, i+3*lanes, divide(t3))
	}
	for ; i < n; i += lanes {
		t := zeros()
		for k := range columns {
			t = load(base(columns[k]), i).MulAdd(weights[k].vector(), t)
		}
		store(q, i, divide(t))
	}
	done()
	return n
}
