//go:build goexperiment.simd

package roll

func flowWide(price, volume, in, out []float64) int {
	i, n := 1, len(price)
	if !wide || n < 1+lanes {
		return i
	}
	pp, pv, q, r, flat, zero := base(price), base(volume[:n]), base(in[:n]), base(out[:n]), all(Flat), zeros()
	unsigned := withoutSign()
	for ; i+lanes <= n; i += lanes {
		x, before := load(pp, i), load(pp, i-1)
		d, still, money := x.Sub(before), flat.Mul(magnitude(x, unsigned).Add(magnitude(before, unsigned))), x.Mul(load(pv, i))
		store(q, i, money.Masked(d.Greater(still)))
		store(r, i, money.Masked(zero.Sub(d).Greater(still)))
	}
	done()
	return i
}

func signedWide(x, volume, out []float64) int {
	i, n := 1, len(x)
	if !wide || n < 1+lanes {
		return i
	}
	p, pv, q := base(x), base(volume[:n]), base(out[:n])
	for ; i+lanes <= n; i += lanes {
		v, now, before := load(pv, i), load(p, i), load(p, i-1)
		store(q, i, v.Masked(now.Greater(before)).Sub(v.Masked(now.Less(before))))
	}
	done()
	return i
}

func gatheredWide(high, low, close, from []float64) int {
	i, n := 1, len(close)
	if !wide || n < 1+lanes {
		return i
	}
	ph, pl, pc, q := base(high[:n]), base(low[:n]), base(close), base(from[:n])
	for ; i+lanes <= n; i += lanes {
		c, before := load(pc, i), load(pc, i-1)
		up := load(pl, i).Min(before).Merge(c, c.Greater(before))
		store(q, i, load(ph, i).Max(before).Merge(up, c.Less(before)))
	}
	done()
	return i
}
