//go:build goexperiment.simd

package roll

func withinWide(dst, x, end, low, high []float64) (n int, sum float64) {
	if n = steps(len(dst)); n == 0 {
		return 0, 0
	}
	q, p, pe, pl, ph := base(dst), base(x[:n]), base(end[:n]), base(low[:n]), base(high[:n])
	hundred, flat := all(100), all(Flat)
	unsigned, seen := withoutSign(), zeros()
	for i := 0; i < n; i += lanes {
		l, h := load(pl, i), load(ph, i)
		d, r := load(p, i).Sub(load(pe, i)), h.Sub(l)
		seen = seen.Add(d)
		open := r.Greater(flat.Mul(magnitude(h, unsigned).Add(magnitude(l, unsigned))))
		store(q, i, hundred.Mul(d.Div(r)).Masked(open))
	}
	var sums [lanes]float64
	seen.Store(&sums)
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}
