//go:build goexperiment.simd

package roll

// weighNearWide sums for sixteen bars at once, so that additions are under way where
// one bar's sum would wait for itself.
func weighNearWide(dst, x []float64, weights []repeated) int {
	m, n := steps(len(dst)), len(weights)
	if m == 0 {
		return 0
	}
	p, q := base(x[:m+n]), base(dst)
	i := 0
	for ; i+4*lanes <= m; i += 4 * lanes {
		x0, x1, x2, x3 := load(p, i+n), load(p, i+n+4), load(p, i+n+8), load(p, i+n+12)
		s0, s1, s2, s3 := zeros(), zeros(), zeros(), zeros()
		for k := range weights {
			w := weights[k].vector()
			s0 = load(p, i+k).Sub(x0).MulAdd(w, s0)
			s1 = load(p, i+k+4).Sub(x1).MulAdd(w, s1)
			s2 = load(p, i+k+8).Sub(x2).MulAdd(w, s2)
			s3 = load(p, i+k+12).Sub(x3).MulAdd(w, s3)
		}
		store(q, i, s0)
		store(q, i+4, s1)
		store(q, i+8, s2)
		store(q, i+12, s3)
	}
	for ; i < m; i += lanes {
		newest, s := load(p, i+n), zeros()
		for k := range weights {
			s = load(p, i+k).Sub(newest).MulAdd(weights[k].vector(), s)
		}
		store(q, i, s)
	}
	done()
	return m
}
