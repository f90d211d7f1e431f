//go:build goexperiment.simd

package roll

import "unsafe"

// weighNearWide sums for sixteen bars at once, so that additions are under way where
// one bar's sum would wait for itself. Two steps at a time, it does not matter to the
// speed of the loop where in memory it is.
func weighNearWide(dst, x, steps []float64, weights []repeated) int {
	m := len(dst) &^ (4*lanes - 1)
	if !wide || m == 0 {
		return 0
	}
	p, px, q := base(steps[:m+len(weights)-1]), base(x[:m]), base(dst)
	for i := 0; i < m; i += 4 * lanes {
		s0, s1, s2, s3 := zeros(), zeros(), zeros(), zeros()
		d := unsafe.Add(p, 8*i)
		if len(weights)%2 != 0 {
			w := weights[0].vector()
			s0, s1 = load(d, 0).MulAdd(w, s0), load(d, lanes).MulAdd(w, s1)
			s2, s3 = load(d, 2*lanes).MulAdd(w, s2), load(d, 3*lanes).MulAdd(w, s3)
			d = unsafe.Add(d, 8)
		}
		for rest := weights[len(weights)%2:]; len(rest) >= 2; rest = rest[2:] {
			v, w := rest[0].vector(), rest[1].vector()
			s0 = load(d, 1).MulAdd(w, load(d, 0).MulAdd(v, s0))
			s1 = load(d, lanes+1).MulAdd(w, load(d, lanes).MulAdd(v, s1))
			s2 = load(d, 2*lanes+1).MulAdd(w, load(d, 2*lanes).MulAdd(v, s2))
			s3 = load(d, 3*lanes+1).MulAdd(w, load(d, 3*lanes).MulAdd(v, s3))
			d = unsafe.Add(d, 16)
		}
		store(q, i, load(px, i).Add(s0))
		store(q, i+lanes, load(px, i+lanes).Add(s1))
		store(q, i+2*lanes, load(px, i+2*lanes).Add(s2))
		store(q, i+3*lanes, load(px, i+3*lanes).Add(s3))
	}
	done()
	return m
}
