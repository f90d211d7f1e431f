//go:build goexperiment.simd

package roll

func splitWide(up, down, from, to []float64) int {
	n := steps(len(up))
	if n == 0 {
		return 0
	}
	q, r, pf, pt, zero := base(up), base(down[:n]), base(from[:n]), base(to[:n]), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pt, i).Sub(load(pf, i))
		store(q, i, d.Max(zero))
		store(r, i, zero.Sub(d).Max(zero))
	}
	done()
	return n
}
