//go:build goexperiment.simd

package roll

import "simd/archsimd"

// zeros is all(0) without the SSE instruction that all clears a register with,
// which waits long once the upper halves of the registers are in use.
func zeros() vector {
	var v vector
	return v
}

// withoutSign is the mask of magnitude. It is a parameter so that a loop loads it
// once.
func withoutSign() archsimd.Int64x4 { return archsimd.BroadcastInt64x4(1<<63 - 1) }

// magnitude clears the signs.
func magnitude(x vector, unsigned archsimd.Int64x4) vector {
	return x.AsInt64x4().And(unsigned).AsFloat64x4()
}

func movesWide(x, up, down []float64) int {
	i, n := 1, len(x)
	if !wide || n < 1+lanes {
		return i
	}
	p, q, r, zero := base(x), base(up[:n]), base(down[:n]), zeros()
	for ; i+lanes <= n; i += lanes {
		d := load(p, i).Sub(load(p, i-1))
		store(q, i, d.Max(zero))
		store(r, i, zero.Sub(d).Max(zero))
	}
	done()
	return i
}

func trueRangeWide(high, low, close, out []float64) int {
	i, n := 1, len(out)
	if !wide || n < 1+lanes {
		return i
	}
	ph, pl, pc, q := base(high[:n]), base(low[:n]), base(close[:n]), base(out)
	unsigned := withoutSign()
	for ; i+lanes <= n; i += lanes {
		h, l, c := load(ph, i), load(pl, i), load(pc, i-1)
		store(q, i, h.Sub(l).Max(magnitude(h.Sub(c), unsigned)).Max(magnitude(l.Sub(c), unsigned)))
	}
	done()
	return i
}

func directionWide(high, low, plus, minus []float64) int {
	i, n := 1, len(high)
	if !wide || n < 1+lanes {
		return i
	}
	ph, pl, q, r, zero := base(high), base(low[:n]), base(plus[:n]), base(minus[:n]), zeros()
	for ; i+lanes <= n; i += lanes {
		up := load(ph, i).Sub(load(ph, i-1))
		down := load(pl, i-1).Sub(load(pl, i))
		store(q, i, up.Masked(up.Greater(down.Max(zero))))
		store(r, i, down.Masked(down.Greater(up.Max(zero))))
	}
	done()
	return i
}

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

func percentWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, hundred, zero := base(dst), base(a[:n]), base(b[:n]), all(100), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pb, i)
		store(q, i, hundred.Mul(load(pa, i).Div(d)).Masked(d.NotEqual(zero)))
	}
	done()
	return n
}

func shareWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, hundred, zero := base(dst), base(a[:n]), base(b[:n]), all(100), zeros()
	for i := 0; i < n; i += lanes {
		x := load(pa, i)
		s := x.Add(load(pb, i))
		store(q, i, hundred.Mul(x.Div(s)).Masked(s.NotEqual(zero)))
	}
	done()
	return n
}

func imbalanceWide(dst, a, b []float64) (int, bool) {
	n := steps(len(dst))
	if n == 0 {
		return 0, false
	}
	q, pa, pb, hundred, zero, hole := base(dst), base(a[:n]), base(b[:n]), all(100), zeros(), all(nan)
	unsigned := withoutSign()
	var holes archsimd.Int64x4
	for i := 0; i < n; i += lanes {
		x, y := load(pa, i), load(pb, i)
		s := x.Add(y)
		empty := s.Equal(zero)
		holes = holes.Or(empty.ToInt64x4())
		store(q, i, hole.Merge(hundred.Mul(magnitude(x.Sub(y), unsigned).Div(s)), empty))
	}
	// Stored, not asked for directly: the compiler keeps a store before done, and
	// no other operation.
	var bits [lanes]int64
	holes.Store(&bits)
	done()
	return n, bits[0]|bits[1]|bits[2]|bits[3] != 0
}

func changeWide(dst, x, before []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pb, hundred, one, zero := base(dst), base(x[:n]), base(before[:n]), all(100), all(1), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pb, i)
		store(q, i, hundred.Mul(load(p, i).Div(d).Sub(one)).Masked(d.NotEqual(zero)))
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

func channelWide(dst, x, mean, deviation []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pm, pd, flat, k := base(dst), base(x[:n]), base(mean[:n]), base(deviation[:n]), all(Flat), all(0.015)
	unsigned := withoutSign()
	for i := 0; i < n; i += lanes {
		m, dev := load(pm, i), load(pd, i)
		d, still := load(p, i).Sub(m), flat.Mul(magnitude(m, unsigned))
		moved := magnitude(d, unsigned).Greater(still).And(dev.Greater(still))
		store(q, i, d.Div(k.Mul(dev)).Masked(moved))
	}
	done()
	return n
}
