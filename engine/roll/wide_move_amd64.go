//go:build goexperiment.simd

package roll

func bodiesWide(open, close, up, down []float64) int {
	n := steps(len(up))
	if n == 0 {
		return 0
	}
	po, pc, q, r, zero := base(open[:n]), base(close[:n]), base(up), base(down[:n]), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pc, i).Sub(load(po, i))
		store(q, i, d.Max(zero))
		store(r, i, zero.Sub(d).Max(zero))
	}
	done()
	return n
}

func powerWide(dst, open, high, low, close []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, po, ph, pl, pc, zero := base(dst), base(open[:n]), base(high[:n]), base(low[:n]), base(close[:n]), zeros()
	for i := 0; i < n; i += lanes {
		r := load(ph, i).Sub(load(pl, i))
		store(q, i, load(pc, i).Sub(load(po, i)).Div(r).Masked(r.Greater(zero)))
	}
	done()
	return n
}

func accelerateWide(upper, lower, high, low []float64) int {
	n := steps(len(upper))
	if n == 0 {
		return 0
	}
	q, r, ph, pl, four, one, zero := base(upper), base(lower[:n]), base(high[:n]), base(low[:n]), all(4), all(1), zeros()
	for i := 0; i < n; i += lanes {
		h, l := load(ph, i), load(pl, i)
		s := h.Add(l)
		f := h.Sub(l).Mul(four).Div(s).Masked(s.NotEqual(zero))
		store(q, i, h.Mul(one.Add(f)))
		store(r, i, l.Mul(one.Sub(f)))
	}
	done()
	return n
}

func swingWide(dst, x, before, after []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pb, pa, mark := base(dst), base(x[:n]), base(before[:n]), base(after[:n]), all(100)
	for i := 0; i < n; i += lanes {
		store(q, i, mark.Masked(load(p, i).Greater(load(pb, i).Max(load(pa, i)))))
	}
	done()
	return n
}

func dipWide(dst, x, before, after []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pb, pa, mark := base(dst), base(x[:n]), base(before[:n]), base(after[:n]), all(100)
	for i := 0; i < n; i += lanes {
		store(q, i, mark.Masked(load(p, i).Less(load(pb, i).Min(load(pa, i)))))
	}
	done()
	return n
}

func pressureWide(high, low, close, bought, ranges []float64) int {
	i, n := 1, len(close)
	if !wide || n < 1+lanes {
		return i
	}
	ph, pl, pc, q, r := base(high[:n]), base(low[:n]), base(close), base(bought[:n]), base(ranges[:n])
	for ; i+lanes <= n; i += lanes {
		before := load(pc, i-1)
		bottom := load(pl, i).Min(before)
		store(q, i, load(pc, i).Sub(bottom))
		store(r, i, load(ph, i).Max(before).Sub(bottom))
	}
	done()
	return i
}

func gatheredWide(high, low, close, out []float64) int {
	i, n := 1, len(close)
	if !wide || n < 1+lanes {
		return i
	}
	ph, pl, pc, q := base(high[:n]), base(low[:n]), base(close), base(out[:n])
	for ; i+lanes <= n; i += lanes {
		c, before := load(pc, i), load(pc, i-1)
		up := c.Sub(load(pl, i).Min(before)).Masked(c.Greater(before))
		down := load(ph, i).Max(before).Sub(c).Masked(c.Less(before))
		store(q, i, up.Sub(down))
	}
	done()
	return i
}
