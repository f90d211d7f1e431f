//go:build goexperiment.simd

package roll

func flowWide(price, volume, in, out []float64) (i int, sum float64) {
	n := len(price)
	if !wide || n < 1+lanes {
		return 1, 0
	}
	pp, pv, q, r, flat, zero := base(price), base(volume[:n]), base(in[:n]), base(out[:n]), all(Flat), zeros()
	unsigned, seen := withoutSign(), zeros()
	for i = 1; i+lanes <= n; i += lanes {
		x, before, v := load(pp, i), load(pp, i-1), load(pv, i)
		d, still, money := x.Sub(before), flat.Mul(magnitude(x, unsigned).Add(magnitude(before, unsigned))), x.Mul(v)
		store(q, i, money.Masked(d.Greater(still)))
		store(r, i, money.Masked(zero.Sub(d).Greater(still)))
		seen = seen.Add(x.Add(v))
	}
	var sums [lanes]float64
	seen.Store(&sums)
	done()
	return i, sums[0] + sums[1] + sums[2] + sums[3]
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
