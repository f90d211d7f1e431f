//go:build goexperiment.simd

package roll

func spreadWide(dst, ssd []float64, d, inv float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, minus, k := base(dst), base(ssd[:n]), all(-d), all(inv)
	for i := 0; i < n; i += lanes {
		x := load(p, i)
		y := x.Mul(k)
		store(q, i, y.MulAdd(minus, x).MulAdd(k, y).Sqrt())
	}
	done()
	return n
}
