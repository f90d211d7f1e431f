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
		s4 := u2.Select128FromPair(1, 2, s2).Add(s2)
		s2.Store(at(q2, i))
		s4.Store(at(q4, i))
		if q8 != nil {
			store(q8, i, u4.Add(s4))
		}
		u2, u4 = s2, s4
	}
	done()
	return n
}
