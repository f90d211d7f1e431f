//go:build goexperiment.simd

package roll

import "unsafe"

// weighNearWide sums for sixteen bars at once, so that additions are under way where
// one bar's sum would wait for itself.
func weighNearWide(dst, x, steps []float64, weights []repeated) int {
	m := len(dst) &^ (4*lanes - 1)
	if !wide || m == 0 {
		return 0
	}
	p, px, q := base(steps[:m+len(weights)-1]), base(x[:m]), base(dst)
	for i := 0; i < m; i += 4 * lanes {
		s0, s1, s2, s3 := zeros(), zeros(), zeros(), zeros()
		d := unsafe.Add(p, 8*i)
		for k := range weights {
			w := weights[k].vector()
			s0 = load(d, 0).MulAdd(w, s0)
			s1 = load(d, lanes).MulAdd(w, s1)
			s2 = load(d, 2*lanes).MulAdd(w, s2)
			s3 = load(d, 3*lanes).MulAdd(w, s3)
			d = unsafe.Add(d, 8)
		}
		store(q, i, load(px, i).Add(s0))
		store(q, i+lanes, load(px, i+lanes).Add(s1))
		store(q, i+2*lanes, load(px, i+2*lanes).Add(s2))
		store(q, i+3*lanes, load(px, i+3*lanes).Add(s3))
	}
	done()
	return m
}
