//go:build goexperiment.simd

package roll

func quotientWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, zero := base(dst), base(a[:n]), base(b[:n]), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pb, i)
		store(q, i, load(pa, i).Div(d).Masked(d.NotEqual(zero)))
	}
	done()
	return n
}

func relativeWide(dst, x, before []float64) int {
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

func balanceWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, hundred, zero := base(dst), base(a[:n]), base(b[:n]), all(100), zeros()
	for i := 0; i < n; i += lanes {
		x, y := load(pa, i), load(pb, i)
		s := x.Add(y)
		store(q, i, hundred.Mul(x.Sub(y).Div(s)).Masked(s.NotEqual(zero)))
	}
	done()
	return n
}

func oddsWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, hundred, half, zero := base(dst), base(a[:n]), base(b[:n]), all(100), all(50), zeros()
	for i := 0; i < n; i += lanes {
		x := load(pa, i)
		s := x.Add(load(pb, i))
		store(q, i, half.Merge(hundred.Mul(x.Div(s)), s.Equal(zero)))
	}
	done()
	return n
}

func efficiencyWide(dst, x, past, gone []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pp, pg, one, unsigned := base(dst), base(x[:n]), base(past[:n]), base(gone[:n]), all(1), withoutSign()
	for i := 0; i < n; i += lanes {
		whole, way := magnitude(load(p, i).Sub(load(pp, i)), unsigned), load(pg, i)
		store(q, i, whole.Div(way).Merge(one, whole.Less(way)))
	}
	done()
	return n
}

func surpriseWide(dst, x, forecast []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pf, hundred, flat, unsigned := base(dst), base(x[:n]), base(forecast[:n]), all(100), all(Flat), withoutSign()
	for i := 0; i < n; i += lanes {
		v := load(p, i)
		d := v.Sub(load(pf, i))
		moved := magnitude(d, unsigned).Greater(flat.Mul(magnitude(v, unsigned)))
		store(q, i, hundred.Mul(d.Div(v)).Masked(moved))
	}
	done()
	return n
}

func magnitudeWide(dst, a []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, unsigned := base(dst), base(a[:n]), withoutSign()
	for i := 0; i < n; i += lanes {
		store(q, i, magnitude(load(p, i), unsigned))
	}
	done()
	return n
}

func middleWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, half := base(dst), base(a[:n]), base(b[:n]), all(0.5)
	for i := 0; i < n; i += lanes {
		store(q, i, load(pa, i).Add(load(pb, i)).Mul(half))
	}
	done()
	return n
}

func productWide(dst, a, b []float64) int {
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

func weighedWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, hole, zero := base(dst), base(a[:n]), base(b[:n]), all(nan), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pb, i)
		store(q, i, hole.Merge(load(pa, i).Div(d), d.Equal(zero)))
	}
	done()
	return n
}
