//go:build goexperiment.simd

package roll

import "simd/archsimd"

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

func changeWide(dst, x, before []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pb, hundred, zero := base(dst), base(x[:n]), base(before[:n]), all(100), zeros()
	for i := 0; i < n; i += lanes {
		d := load(pb, i)
		store(q, i, hundred.Mul(load(p, i).Sub(d).Div(d)).Masked(d.NotEqual(zero)))
	}
	done()
	return n
}

func shareWide(dst, a, b []float64, none float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, hundred, zero, other := base(dst), base(a[:n]), base(b[:n]), all(100), zeros(), all(none)
	for i := 0; i < n; i += lanes {
		x := load(pa, i)
		s := x.Add(load(pb, i))
		store(q, i, hundred.Mul(x.Div(s)).Merge(other, s.NotEqual(zero)))
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
		v := hole.Merge(hundred.Mul(magnitude(x.Sub(y), unsigned).Div(s)), s.Equal(zero))
		holes = holes.Or(v.NotEqual(v).ToInt64x4())
		store(q, i, v)
	}
	// Stored, not asked for directly: the compiler keeps a store before done, and
	// no other operation.
	var bits [lanes]int64
	holes.Store(&bits)
	done()
	return n, bits[0]|bits[1]|bits[2]|bits[3] != 0
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

func surpriseWide(dst, x, ahead []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pa, hundred, flat, unsigned := base(dst), base(x[:n]), base(ahead[:n]), all(100), all(Flat), withoutSign()
	for i := 0; i < n; i += lanes {
		v, d := load(p, i), load(pa, i)
		moved := magnitude(d, unsigned).Greater(flat.Mul(magnitude(v, unsigned)))
		store(q, i, hundred.Mul(d.Div(v)).Masked(moved))
	}
	done()
	return n
}
