//go:build goexperiment.simd

package roll

import "unsafe"

// countBelowWide does sixteen bars at once: the compares of one wait for each
// other.
func countBelowWide(w, x, out []float64, n int) int {
	m := len(x) &^ (4*lanes - 1)
	if !wide || m == 0 {
		return 0
	}
	p, pw, q := base(x), base(w[:m+n]), base(out[:m])
	for i := 0; i < m; i += 4 * lanes {
		v0, v1, v2, v3 := load(p, i), load(p, i+lanes), load(p, i+2*lanes), load(p, i+3*lanes)
		s0, s1, s2, s3 := zeros(), zeros(), zeros(), zeros()
		one := all(1)
		for k := range n {
			at := unsafe.Add(pw, (i+k)*8)
			s0 = s0.Add(one.Masked(load(at, 0).Less(v0)))
			s1 = s1.Add(one.Masked(load(at, lanes).Less(v1)))
			s2 = s2.Add(one.Masked(load(at, 2*lanes).Less(v2)))
			s3 = s3.Add(one.Masked(load(at, 3*lanes).Less(v3)))
		}
		s0.Store(at(q, i))
		s1.Store(at(q, i+lanes))
		s2.Store(at(q, i+2*lanes))
		s3.Store(at(q, i+3*lanes))
	}
	done()
	return m
}
