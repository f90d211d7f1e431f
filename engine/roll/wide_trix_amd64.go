//go:build goexperiment.simd

package roll

func thirdChangeWide(dst, x, s1, s2, s3 []float64, behind float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, p1, p2, p3 := base(dst), base(x[:n]), base(s1[:n]), base(s2[:n]), base(s3[:n])
	hundred, minus, zero := all(100), all(-behind), zeros()
	for i := 0; i < n; i += lanes {
		s := load(p3, i)
		d := load(p1, i).Add(load(p2, i)).Add(s).MulAdd(minus, load(p, i)).Sub(s)
		store(q, i, hundred.Mul(s.Div(d)).Masked(d.NotEqual(zero)))
	}
	done()
	return n
}
