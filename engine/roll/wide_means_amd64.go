//go:build goexperiment.simd

package roll

func meansWide(dst, x []float64, n int, d, inv float64) int {
	m := steps(len(dst))
	if m == 0 {
		return 0
	}
	p, q, minus, k := base(dst), base(x[:m+n-1]), all(-d), all(inv)
	for i := 0; i < m; i += lanes {
		s := load(q, i)
		for j := i + 1; j < i+n; j++ {
			s = s.Add(load(q, j))
		}
		y := s.Mul(k)
		store(p, i, y.MulAdd(minus, s).MulAdd(k, y))
	}
	done()
	return m
}
