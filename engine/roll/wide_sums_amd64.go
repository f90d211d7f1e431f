//go:build goexperiment.simd

package roll

import "unsafe"

func addFeetWide(x, two, four, eight []float64) int {
	n := steps(len(two))
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, q2, q4, q8 := unsafe.Add(p, -8), base(two), base(four[:n]), optional(eight, n)
	u2 := load(p, -5).Add(load(p, -4))
	u4 := load(p, -7).Add(load(p, -6)).Add(u2)
	for i := 0; i < n; i += lanes {
		s2 := load(before, i).Add(load(p, i))
		s4 := earlier(u2, s2).Add(s2)
		store(q2, i, s2)
		store(q4, i, s4)
		if q8 != nil {
			store(q8, i, u4.Add(s4))
		}
		u2, u4 = s2, s4
	}
	done()
	return n
}

func ultimateWide(dst []float64, bought, ranges [][][]float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	for k := range bought {
		for j := range bought[k] {
			_, _ = bought[k][j][:n], ranges[k][j][:n]
		}
	}
	q, scale, zero := base(dst), all(100.0/7), zeros()
	weights := [...]vector{all(4), all(2), all(1)}
	for i := 0; i < n; i += lanes {
		s := zero
		for k := range bought {
			a, r := load(base(bought[k][0]), i), load(base(ranges[k][0]), i)
			for j := 1; j < len(bought[k]); j++ {
				a, r = a.Add(load(base(bought[k][j]), i)), r.Add(load(base(ranges[k][j]), i))
			}
			s = s.Add(weights[k].Mul(a.Div(r)).Masked(r.NotEqual(zero)))
		}
		store(q, i, s.Mul(scale))
	}
	done()
	return n
}
