//go:build goexperiment.simd

package roll

func mulWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb := base(dst), base(a[:n]), base(b[:n])
	for i := 0; i < n; i += lanes {
		store(q, i, load(pa, i).Mul(load(pb, i)))
	}
	done()
	return n
}

func ratioWide(dst, a, b []float64, none float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, zero, other := base(dst), base(a[:n]), base(b[:n]), zeros(), all(none)
	for i := 0; i < n; i += lanes {
		d := load(pb, i)
		store(q, i, load(pa, i).Div(d).Merge(other, d.NotEqual(zero)))
	}
	done()
	return n
}

func growthWide(dst, x, before []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pb, zero := base(dst), base(x[:n]), base(before[:n]), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pb, i)
		store(q, i, load(p, i).Sub(d).Div(d).Masked(d.NotEqual(zero)))
	}
	done()
	return n
}

func stretchWide(high, low, x []float64) int {
	n := steps(len(x))
	if n == 0 {
		return 0
	}
	ph, pl, p := base(high[:n]), base(low[:n]), base(x)
	for i := 0; i < n; i += lanes {
		v := load(p, i)
		store(ph, i, load(ph, i).Max(v))
		store(pl, i, load(pl, i).Min(v))
	}
	done()
	return n
}
