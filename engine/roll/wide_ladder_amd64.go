//go:build goexperiment.simd

package roll

import "unsafe"

// optional is base for a column that may be empty: nil then.
func optional(s []float64, n int) unsafe.Pointer {
	if len(s) == 0 {
		return nil
	}
	return base(s[:n])
}

// earlier is v as it was two bars before, where u is the vector before it.
func earlier(u, v vector) vector { return u.Select128FromPair(1, 2, v) }

// A foot's wide body starts from the values of the four bars before the first
// one, which it makes from the footing, and hands them on from step to step.

func addFootWide(x, rest, eight []float64, r int) int {
	n := steps(len(rest))
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, one := unsafe.Add(p, -8), unsafe.Add(p, -8*(r&6))
	q, q8 := base(rest), optional(eight, n)
	u2 := load(p, -5).Add(load(p, -4))
	u4 := load(p, -7).Add(load(p, -6)).Add(u2)
	for i := 0; i < n; i += lanes {
		s2 := load(before, i).Add(load(p, i))
		s4 := earlier(u2, s2).Add(s2)
		if q8 != nil {
			store(q8, i, u4.Add(s4))
		}
		if r != 0 {
			pair, t := s2, zeros()
			if r&4 != 0 {
				pair, t = u2, s4
			}
			if r&2 != 0 {
				t = t.Add(pair)
			}
			if r&1 != 0 {
				t = t.Add(load(one, i))
			}
			store(q, i, t)
		}
		u2, u4 = s2, s4
	}
	done()
	return n
}

func largerFootWide(dst, x []float64, size int) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p := base(dst), unsafe.Add(base(x[:n+footing]), footing*8)
	before := unsafe.Add(p, -8)
	u2 := load(p, -5).Max(load(p, -4))
	u4 := load(p, -7).Max(load(p, -6)).Max(u2)
	switch size {
	case 2:
		for i := 0; i < n; i += lanes {
			store(q, i, load(before, i).Max(load(p, i)))
		}
	case 4:
		for i := 0; i < n; i += lanes {
			s2 := load(before, i).Max(load(p, i))
			store(q, i, earlier(u2, s2).Max(s2))
			u2 = s2
		}
	default:
		for i := 0; i < n; i += lanes {
			s2 := load(before, i).Max(load(p, i))
			s4 := earlier(u2, s2).Max(s2)
			store(q, i, u4.Max(s4))
			u2, u4 = s2, s4
		}
	}
	done()
	return n
}

func smallerFootWide(dst, x []float64, size int) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p := base(dst), unsafe.Add(base(x[:n+footing]), footing*8)
	before := unsafe.Add(p, -8)
	u2 := load(p, -5).Min(load(p, -4))
	u4 := load(p, -7).Min(load(p, -6)).Min(u2)
	switch size {
	case 2:
		for i := 0; i < n; i += lanes {
			store(q, i, load(before, i).Min(load(p, i)))
		}
	case 4:
		for i := 0; i < n; i += lanes {
			s2 := load(before, i).Min(load(p, i))
			store(q, i, earlier(u2, s2).Min(s2))
			u2 = s2
		}
	default:
		for i := 0; i < n; i += lanes {
			s2 := load(before, i).Min(load(p, i))
			s4 := earlier(u2, s2).Min(s2)
			store(q, i, u4.Min(s4))
			u2, u4 = s2, s4
		}
	}
	done()
	return n
}

// most is the most parts that a window has.
const most = 32

func gatherWide(out []float64, parts [][]float64, d, inv float64) int {
	n := steps(len(out))
	if n == 0 {
		return 0
	}
	var space [most]unsafe.Pointer
	for k, part := range parts {
		space[k] = base(part[:n])
	}
	first, rest := space[0], space[1:len(parts)]
	q, minus, k := base(out), all(-d), all(inv)
	i := 0
	for ; i+2*lanes <= n; i += 2 * lanes {
		s, t := load(first, i), load(first, i+lanes)
		for _, p := range rest {
			s = s.Add(load(p, i))
			t = t.Add(load(p, i+lanes))
		}
		y, z := s.Mul(k), t.Mul(k)
		store(q, i, y.MulAdd(minus, s).MulAdd(k, y))
		store(q, i+lanes, z.MulAdd(minus, t).MulAdd(k, z))
	}
	for ; i < n; i += lanes {
		s := load(first, i)
		for _, p := range rest {
			s = s.Add(load(p, i))
		}
		y := s.Mul(k)
		store(q, i, y.MulAdd(minus, s).MulAdd(k, y))
	}
	done()
	return n
}

// mergeVectors is merge.
func mergeVectors(am, aq, bm, bq, wm, wq vector) (m, q vector) {
	d := bm.Sub(am)
	return d.MulAdd(wm, am), d.Mul(wq).MulAdd(d, aq.Add(bq))
}

// mergePair is merge of two values with no distances.
func mergePair(a, b, half vector) (m, q vector) {
	d := b.Sub(a)
	return d.MulAdd(half, a), d.Mul(half).Mul(d)
}

func mergeEqualWide(m, q, am, aq, bm, bq []float64, wq float64) int {
	n := steps(len(m))
	if n == 0 {
		return 0
	}
	pm, pq := base(m), base(q[:n])
	pam, paq, pbm, pbq := base(am[:n]), base(aq[:n]), base(bm[:n]), base(bq[:n])
	half, kq := all(0.5), all(wq)
	for i := 0; i < n; i += lanes {
		vm, vq := mergeVectors(load(pam, i), load(paq, i), load(pbm, i), load(pbq, i), half, kq)
		store(pm, i, vm)
		store(pq, i, vq)
	}
	done()
	return n
}

func mergeFootWide(x, mean, ssd, eightM, eightQ []float64, r int) int {
	n := steps(len(mean))
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, single := unsafe.Add(p, -8), unsafe.Add(p, -8*(r&6))
	pm, pq, pm8, pq8 := base(mean), base(ssd[:n]), optional(eightM, n), optional(eightQ, n)
	half, one, two := all(0.5), all(1), all(2)
	wm, wq := weights(r&4, 2)
	pairM, pairQ := all(wm), all(wq)
	wm, wq = weights(r&6, 1)
	oneM, oneQ := all(wm), all(wq)
	um2, uq2 := mergePair(load(p, -4), load(p, -5), half)
	vm2, vq2 := mergePair(load(p, -6), load(p, -7), half)
	um4, uq4 := mergeVectors(um2, uq2, vm2, vq2, half, one)
	for i := 0; i < n; i += lanes {
		m2, q2 := mergePair(load(p, i), load(before, i), half)
		m4, q4 := mergeVectors(m2, q2, earlier(um2, m2), earlier(uq2, q2), half, one)
		if pm8 != nil {
			m8, q8 := mergeVectors(m4, q4, um4, uq4, half, two)
			store(pm8, i, m8)
			store(pq8, i, q8)
		}
		if r != 0 {
			m, q := m2, q2
			if r&4 != 0 {
				m, q = m4, q4
				if r&2 != 0 {
					m, q = mergeVectors(m, q, um2, uq2, pairM, pairQ)
				}
			}
			if r&1 != 0 {
				x := load(single, i)
				if r == 1 {
					m, q = x, zeros()
				} else {
					d := x.Sub(m)
					m, q = d.MulAdd(oneM, m), d.Mul(oneQ).MulAdd(d, q)
				}
			}
			store(pm, i, m)
			store(pq, i, q)
		}
		um2, uq2, um4, uq4 = m2, q2, m4, q4
	}
	done()
	return n
}

func mergeAllWide(mean, ssd []float64, parts []sampled) int {
	n := steps(len(mean))
	if n == 0 {
		return 0
	}
	type pointers struct {
		m, q   unsafe.Pointer
		wm, wq vector
	}
	var space [most]pointers
	for k, part := range parts {
		space[k] = pointers{base(part.mean[:n]), base(part.ssd[:n]), all(part.wm), all(part.wq)}
	}
	first, rest := &space[0], space[1:len(parts)]
	pm, pq := base(mean), base(ssd[:n])
	for i := 0; i < n; i += lanes {
		m, q := load(first.m, i), load(first.q, i)
		for k := range rest {
			r := &rest[k]
			m, q = mergeVectors(m, q, load(r.m, i), load(r.q, i), r.wm, r.wq)
		}
		store(pm, i, m)
		store(pq, i, q)
	}
	done()
	return n
}

// weighVectors is weigh.
func weighVectors(os, ow, ns, nw, h vector) (s, w vector) {
	return os.Add(ns), ns.MulAdd(h, ow.Add(nw))
}

func weighTwoWide(s, w, os, ow, ns, nw []float64, h float64) int {
	n := steps(len(s))
	if n == 0 {
		return 0
	}
	ps, pw := base(s), base(w[:n])
	pos, pow, pns, pnw := base(os[:n]), base(ow[:n]), base(ns[:n]), base(nw[:n])
	k := all(h)
	for i := 0; i < n; i += lanes {
		vs, vw := weighVectors(load(pos, i), load(pow, i), load(pns, i), load(pnw, i), k)
		store(ps, i, vs)
		store(pw, i, vw)
	}
	done()
	return n
}

func weighFootWide(x, rest, eightS, eightW []float64, r int, weighted, plain float64) int {
	n := steps(len(rest))
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, single := unsafe.Add(p, -8), unsafe.Add(p, -8*(r&6))
	q, ps8, pw8 := base(rest), optional(eightS, n), optional(eightW, n)
	one, two, four, kw, kp := all(1), all(2), all(4), all(weighted), all(plain)
	older, newer := load(p, -5), load(p, -4)
	us2, uw2 := weighVectors(older, older, newer, newer, one)
	older, newer = load(p, -7), load(p, -6)
	vs2, vw2 := weighVectors(older, older, newer, newer, one)
	us4, uw4 := weighVectors(vs2, vw2, us2, uw2, two)
	for i := 0; i < n; i += lanes {
		older, newer := load(before, i), load(p, i)
		s2, w2 := weighVectors(older, older, newer, newer, one)
		s4, w4 := weighVectors(earlier(us2, s2), earlier(uw2, w2), s2, w2, two)
		if ps8 != nil {
			s8, w8 := weighVectors(us4, uw4, s4, w4, four)
			store(ps8, i, s8)
			store(pw8, i, w8)
		}
		s, w := zeros(), zeros()
		if r&4 != 0 {
			s, w = s4, w4
			if r&2 != 0 {
				s, w = weighVectors(us2, uw2, s, w, two)
			}
		} else if r&2 != 0 {
			s, w = s2, w2
		}
		if r&1 != 0 {
			x := load(single, i)
			s, w = weighVectors(x, x, s, w, one)
		}
		store(q, i, s.MulAdd(kp, w.Mul(kw)))
		us2, uw2, us4, uw4 = s2, w2, s4, w4
	}
	done()
	return n
}

func gatherWeightedWide(out []float64, parts []weighed, weighted, d, inv float64) int {
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
	rest := space[:len(parts)]
	q, kw, minus, k := base(out), all(weighted), all(-d), all(inv)
	for i := 0; i < n; i += lanes {
		t := load(q, i)
		for k := range rest {
			r := &rest[k]
			t = load(r.s, i).MulAdd(r.plain, load(r.w, i).MulAdd(kw, t))
		}
		y := t.Mul(k)
		store(q, i, y.MulAdd(minus, t).MulAdd(k, y))
	}
	done()
	return n
}

// newerVectors is newer.
func newerVectors(ov, oa, nv, na, h vector) (v, a vector) {
	older := ov.Greater(nv)
	return ov.Merge(nv, older), oa.Add(h).Merge(na, older)
}

func newestWide(v, a, ov, oa, nv, na []float64, h float64) int {
	n := steps(len(v))
	if n == 0 {
		return 0
	}
	pv, pa := base(v), base(a[:n])
	pov, poa, pnv, pna := base(ov[:n]), base(oa[:n]), base(nv[:n]), base(na[:n])
	apart := all(h)
	for i := 0; i < n; i += lanes {
		value, age := newerVectors(load(pov, i), load(poa, i), load(pnv, i), load(pna, i), apart)
		store(pv, i, value)
		store(pa, i, age)
	}
	done()
	return n
}

func newestFootWide(v, a, x []float64, sign float64, size int) int {
	n := steps(len(v))
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, pv, pa := unsafe.Add(p, -8), base(v), base(a[:n])
	k, zero, one, two, four := all(sign), zeros(), all(1), all(2), all(4)
	uv2, ua2 := newerVectors(load(p, -5).Mul(k), zero, load(p, -4).Mul(k), zero, one)
	vv2, va2 := newerVectors(load(p, -7).Mul(k), zero, load(p, -6).Mul(k), zero, one)
	uv4, ua4 := newerVectors(vv2, va2, uv2, ua2, two)
	for i := 0; i < n; i += lanes {
		v2, a2 := newerVectors(load(before, i).Mul(k), zero, load(p, i).Mul(k), zero, one)
		v4, a4 := newerVectors(earlier(uv2, v2), earlier(ua2, a2), v2, a2, two)
		value, age := v2, a2
		if size > 2 {
			value, age = v4, a4
		}
		if size > 4 {
			value, age = newerVectors(uv4, ua4, v4, a4, four)
		}
		store(pv, i, value)
		store(pa, i, age)
		uv2, ua2, uv4, ua4 = v2, a2, v4, a4
	}
	done()
	return n
}

func placeWide(out, ov, oa, nv, na []float64, last, apart float64) int {
	n := steps(len(out))
	if n == 0 {
		return 0
	}
	q := base(out)
	pov, poa, pnv, pna := base(ov[:n]), base(oa[:n]), base(nv[:n]), base(na[:n])
	end, off := all(last), all(apart)
	for i := 0; i < n; i += lanes {
		_, age := newerVectors(load(pov, i), load(poa, i), load(pnv, i), load(pna, i), off)
		store(q, i, end.Sub(age))
	}
	done()
	return n
}
