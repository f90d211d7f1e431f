//go:build goexperiment.simd

package roll

import "unsafe"

func largerFootWide(x, rest, eight []float64, r int, sign float64) int {
	n := steps(len(rest))
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, one, q, zero, k := unsafe.Add(p, -8), unsafe.Add(p, -8*(r&6)), base(rest), zeros(), all(sign)
	u2 := load(p, -5).Max(load(p, -4))
	u4 := load(p, -7).Max(load(p, -6)).Max(u2)
	if r == 0 {
		q = base(eight[:n])
		for i := 0; i < n; i += lanes {
			s2 := load(before, i).Max(load(p, i))
			s4 := earlier(u2, s2).Max(s2)
			store(q, i, u4.Max(s4))
			u2, u4 = s2, s4
		}
		done()
		return n
	}
	for i := 0; i < n; i += lanes {
		t := load(p, i)
		s2 := load(before, i).Max(t)
		if r&4 != 0 {
			t = earlier(u2, s2).Max(s2)
			if r&2 != 0 {
				t = u2.Max(t)
			}
		} else if r&2 != 0 {
			t = s2
		}
		if r&1 != 0 {
			t = load(one, i).Max(t)
		}
		store(q, i, t.Mul(k).Add(zero))
		u2 = s2
	}
	done()
	return n
}

func largerEightWide(dst []float64, o *octet) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, c := base(dst), o.base(n)
	for i := 0; i < n; i += lanes {
		older := load(c[0], i).Max(load(c[1], i)).Max(load(c[2], i).Max(load(c[3], i)))
		newer := load(c[4], i).Max(load(c[5], i)).Max(load(c[6], i).Max(load(c[7], i)))
		store(q, i, older.Max(newer))
	}
	done()
	return n
}

func largerGatherWide(out []float64, parts [][]float64, sign float64) int {
	n := steps(len(out))
	if n == 0 {
		return 0
	}
	for _, part := range parts {
		_ = part[:n]
	}
	first, rest, q, zero, k := base(parts[0]), parts[1:], base(out), zeros(), all(sign)
	i := 0
	for ; i+2*lanes <= n; i += 2 * lanes {
		s, t := load(first, i), load(first, i+lanes)
		for _, part := range rest {
			p := unsafe.Add(base(part), i*8)
			s, t = load(p, 0).Max(s), load(p, lanes).Max(t)
		}
		store(q, i, s.Mul(k).Add(zero))
		store(q, i+lanes, t.Mul(k).Add(zero))
	}
	for ; i < n; i += lanes {
		t := load(first, i)
		for _, part := range rest {
			t = load(base(part), i).Max(t)
		}
		store(q, i, t.Mul(k).Add(zero))
	}
	done()
	return n
}
