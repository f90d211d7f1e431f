//go:build goexperiment.simd

package roll

func withinWide(dst, x, end, low, high []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pe, pl, ph := base(dst), base(x[:n]), base(end[:n]), base(low[:n]), base(high[:n])
	hundred, flat := all(100), all(Flat)
	unsigned := withoutSign()
	for i := 0; i < n; i += lanes {
		l, h := load(pl, i), load(ph, i)
		d, r := load(p, i).Sub(load(pe, i)), h.Sub(l)
		open := r.Greater(flat.Mul(magnitude(h, unsigned).Add(magnitude(l, unsigned))))
		store(q, i, hundred.Mul(d.Div(r)).Masked(open))
	}
	done()
	return n
}
