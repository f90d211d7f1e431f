//go:build goexperiment.simd

package roll

func typicalWide(dst, high, low, close []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, ph, pl, pc := base(dst), base(high[:n]), base(low[:n]), base(close[:n])
	minus, k := all(-3), all(1.0/3)
	for i := 0; i < n; i += lanes {
		s := load(ph, i).Add(load(pl, i)).Add(load(pc, i))
		y := s.Mul(k)
		store(q, i, y.MulAdd(minus, s).MulAdd(k, y))
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

func accumulationWide(dst, high, low, close, volume []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, ph, pl, pc, pv := base(dst), base(high[:n]), base(low[:n]), base(close[:n]), base(volume[:n])
	zero := zeros()
	for i := 0; i < n; i += lanes {
		h, l, c := load(ph, i), load(pl, i), load(pc, i)
		r := h.Sub(l)
		part := c.Sub(l).Sub(h.Sub(c)).Div(r)
		store(q, i, part.Mul(load(pv, i)).Masked(r.Greater(zero)))
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
