//go:build goexperiment.simd

package roll

import "unsafe"

func addFootWide(x, rest, eight []float64, r int) int {
	n := len(rest) &^ (2*lanes - 1)
	if !wide || n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, one := unsafe.Add(p, -8), unsafe.Add(p, -8*(r&6))
	q, q8 := base(rest), optional(eight, n)
	u2 := load(p, -5).Add(load(p, -4))
	u4 := load(p, -7).Add(load(p, -6)).Add(u2)
	for i := 0; i < n; i += 2 * lanes {
		s2, t2 := load(before, i).Add(load(p, i)), load(before, i+lanes).Add(load(p, i+lanes))
		s4, t4 := earlier(u2, s2).Add(s2), earlier(s2, t2).Add(t2)
		if q8 != nil {
			store(q8, i, u4.Add(s4))
			store(q8, i+lanes, s4.Add(t4))
		}
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
				s, t = s.Add(load(one, i)), t.Add(load(one, i+lanes))
			}
			store(q, i, s)
			store(q, i+lanes, t)
		}
		u2, u4 = t2, t4
	}
	done()
	return n
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

func gatherWide(out []float64, parts [][]float64, d, inv float64) int {
	n := steps(len(out))
	if n == 0 {
		return 0
	}
	for _, part := range parts {
		_ = part[:n]
	}
	first, rest := base(parts[0]), parts[1:]
	q, minus, k := base(out), all(-d), all(inv)
	i := 0
	for ; i+2*lanes <= n; i += 2 * lanes {
		s, t := load(first, i), load(first, i+lanes)
		for _, part := range rest {
			p := unsafe.Add(base(part), i*8)
			s, t = s.Add(load(p, 0)), t.Add(load(p, lanes))
		}
		y, z := s.Mul(k), t.Mul(k)
		store(q, i, y.MulAdd(minus, s).MulAdd(k, y))
		store(q, i+lanes, z.MulAdd(minus, t).MulAdd(k, z))
	}
	for ; i < n; i += lanes {
		s := load(first, i)
		for _, part := range rest {
			s = s.Add(load(base(part), i))
		}
		y := s.Mul(k)
		store(q, i, y.MulAdd(minus, s).MulAdd(k, y))
	}
	done()
	return n
}
