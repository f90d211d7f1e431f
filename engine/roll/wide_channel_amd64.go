//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

func beyondWide(dst, high, low, close []float64) (n int, sum float64) {
	if n = steps(len(dst)); n == 0 {
		return 0, 0
	}
	q, ph, pl, pc, seen := base(dst), base(high[:n]), base(low[:n]), base(close[:n]), zeros()
	for i := 0; i < n; i += lanes {
		c := load(pc, i)
		e := load(ph, i).Sub(c).Add(load(pl, i).Sub(c))
		store(q, i, e)
		seen = seen.Add(e)
	}
	var sums [lanes]float64
	seen.Store(&sums)
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}

// spansWide and channelWide do eight bars at once. What the newer four look at is
// what the older four look at a vector later, so a value is loaded for both: of every
// eight groups from the second of the older four on, to the last but one of the newer.
func spansWide(close, extra, dst []float64, n int) int {
	m := strides(len(dst))
	if m == 0 {
		return 0
	}
	pc, pe, q := base(close[:m+n-1]), base(extra[:m+n-1]), base(dst)
	three := all(3)
	rest, groups := n%4, n/4
	for i := 0; i < m; i += 2 * lanes {
		c0, c1 := load(pc, i+n-1), load(pc, i+n-1+lanes)
		s, t := zeros(), zeros()
		p, e := unsafe.Add(pc, 8*i), unsafe.Add(pe, 8*i)
		for left := rest; left > 0; left-- {
			s = s.Add(over(load(p, 0), load(e, 0), c0, three))
			t = t.Add(over(load(p, lanes), load(e, lanes), c1, three))
			p, e = unsafe.Add(p, 8), unsafe.Add(e, 8)
		}
		for left := groups; left > 0; left -= eightFours {
			u, v := overFour(p, e, c0, three), zeros()
			for k := min(left, eightFours) - 1; k > 0; k-- {
				p, e = unsafe.Add(p, lanes*8), unsafe.Add(e, lanes*8)
				c, x := load(p, 0), load(e, 0)
				a, b := over(c, x, c0, three), over(c, x, c1, three)
				c, x = load(p, 1), load(e, 1)
				a, b = a.Add(over(c, x, c0, three)), b.Add(over(c, x, c1, three))
				c, x = load(p, 2), load(e, 2)
				f, g := over(c, x, c0, three), over(c, x, c1, three)
				c, x = load(p, 3), load(e, 3)
				f, g = f.Add(over(c, x, c0, three)), g.Add(over(c, x, c1, three))
				u, v = u.Add(a.Add(f)), v.Add(b.Add(g))
			}
			p, e = unsafe.Add(p, lanes*8), unsafe.Add(e, lanes*8)
			s, t = s.Add(u), t.Add(v.Add(overFour(p, e, c1, three)))
		}
		store(q, i, s)
		store(q, i+lanes, t)
	}
	done()
	return m
}

// over is how far three times a price is above three times a close.
func over(close, extra, newest, three vector) vector {
	return close.Sub(newest).MulAdd(three, extra)
}

func overFour(p, e unsafe.Pointer, newest, three vector) vector {
	a := over(load(p, 0), load(e, 0), newest, three).Add(over(load(p, 1), load(e, 1), newest, three))
	b := over(load(p, 2), load(e, 2), newest, three).Add(over(load(p, 3), load(e, 3), newest, three))
	return a.Add(b)
}

func channelWide(close, extra, dst []float64, n int, by *channeled) int {
	m := strides(len(dst))
	if m == 0 {
		return 0
	}
	pc, pe, q := base(close[:m+n-1]), base(extra[:m+n-1]), base(dst)
	three, down, many, zero, unsigned := all(3), all(-3), all(float64(n)), zeros(), withoutSign()
	inv, still, flat, scale, rest := all(by.inv), all(by.still), all(by.flat), all(by.scale), all(by.rest)
	odd, groups := n%4, n/4
	for i := 0; i < m; i += 2 * lanes {
		c0, c1 := load(pc, i+n-1), load(pc, i+n-1+lanes)
		m0, m1 := zero.Sub(load(q, i)), zero.Sub(load(q, i+lanes))
		s, t := zeros(), zeros()
		p, e := unsafe.Add(pc, 8*i), unsafe.Add(pe, 8*i)
		for left := odd; left > 0; left-- {
			s = s.Add(away(load(p, 0), load(e, 0), c0, m0, three, many, unsigned))
			t = t.Add(away(load(p, lanes), load(e, lanes), c1, m1, three, many, unsigned))
			p, e = unsafe.Add(p, 8), unsafe.Add(e, 8)
		}
		for left := groups; left > 0; left -= eightFours {
			a := away(load(p, 0), load(e, 0), c0, m0, three, many, unsigned).Add(away(load(p, 1), load(e, 1), c0, m0, three, many, unsigned))
			f := away(load(p, 2), load(e, 2), c0, m0, three, many, unsigned).Add(away(load(p, 3), load(e, 3), c0, m0, three, many, unsigned))
			u, v := a.Add(f), zeros()
			for k := min(left, eightFours) - 1; k > 0; k-- {
				p, e = unsafe.Add(p, lanes*8), unsafe.Add(e, lanes*8)
				c, x := load(p, 0), load(e, 0)
				a, b := away(c, x, c0, m0, three, many, unsigned), away(c, x, c1, m1, three, many, unsigned)
				c, x = load(p, 1), load(e, 1)
				a, b = a.Add(away(c, x, c0, m0, three, many, unsigned)), b.Add(away(c, x, c1, m1, three, many, unsigned))
				c, x = load(p, 2), load(e, 2)
				f, g := away(c, x, c0, m0, three, many, unsigned), away(c, x, c1, m1, three, many, unsigned)
				c, x = load(p, 3), load(e, 3)
				f, g = f.Add(away(c, x, c0, m0, three, many, unsigned)), g.Add(away(c, x, c1, m1, three, many, unsigned))
				u, v = u.Add(a.Add(f)), v.Add(b.Add(g))
			}
			p, e = unsafe.Add(p, lanes*8), unsafe.Add(e, lanes*8)
			a = away(load(p, 0), load(e, 0), c1, m1, three, many, unsigned).Add(away(load(p, 1), load(e, 1), c1, m1, three, many, unsigned))
			f = away(load(p, 2), load(e, 2), c1, m1, three, many, unsigned).Add(away(load(p, 3), load(e, 3), c1, m1, three, many, unsigned))
			s, t = s.Add(u), t.Add(v.Add(a.Add(f)))
		}
		e = unsafe.Add(pe, 8*(i+n-1))
		c0, m0 = magnitude(m0.MulAdd(inv, c0.Mul(down)), unsigned), load(e, 0).MulAdd(many, m0)
		c1, m1 = magnitude(m1.MulAdd(inv, c1.Mul(down)), unsigned), load(e, lanes).MulAdd(many, m1)
		moved := magnitude(m0, unsigned).Greater(still.Mul(c0)).And(s.Greater(flat.Mul(c0)))
		m0 = m0.Div(s)
		store(q, i, m0.MulAdd(scale, m0.Mul(rest)).Masked(moved))
		moved = magnitude(m1, unsigned).Greater(still.Mul(c1)).And(t.Greater(flat.Mul(c1)))
		m1 = m1.Div(t)
		store(q, i+lanes, m1.MulAdd(scale, m1.Mul(rest)).Masked(moved))
	}
	done()
	return m
}

// away is how far a price is from the mean, either way; span is to be subtracted.
func away(close, extra, newest, span, three, many vector, unsigned archsimd.Int64x4) vector {
	return magnitude(over(close, extra, newest, three).MulAdd(many, span), unsigned)
}
