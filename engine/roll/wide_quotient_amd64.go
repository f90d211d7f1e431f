//go:build goexperiment.simd

package roll

import "unsafe"

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

func sidesWide(x, up, down []float64) int {
	n := steps(len(x))
	if n == 0 {
		return 0
	}
	p, q, r, zero := base(x), base(up[:n]), base(down[:n]), zeros()
	for i := 0; i < n; i += lanes {
		v := load(p, i)
		store(q, i, v.Max(zero))
		store(r, i, zero.Sub(v).Max(zero))
	}
	done()
	return n
}

func factorsWide(price, volume, out []float64, sign float64) int {
	i, n := 1, len(out)
	if !wide || n < 1+lanes {
		return i
	}
	p, pv, q, zero, one, k := base(price[:n]), base(volume[:n]), base(out), zeros(), all(1), all(sign)
	for ; i+lanes <= n; i += lanes {
		before := load(p, i-1)
		step := load(pv, i).Sub(load(pv, i-1)).Mul(k)
		counts := step.Greater(zero).And(before.NotEqual(zero))
		store(q, i, load(p, i).Div(before).Merge(one, counts))
	}
	done()
	return i
}

// countBelowWide does sixteen bars at once: the compares of one wait for each
// other.
func countBelowWide(w, x, out []float64, n int) int {
	m := len(x) &^ (4*lanes - 1)
	if !wide || m == 0 {
		return 0
	}
	p, pw, q := base(x), base(w[:m+n]), base(out[:m])
	for i := 0; i < m; i += 4 * lanes {
		v0, v1, v2, v3 := load(p, i), load(p, i+lanes), load(p, i+2*lanes), load(p, i+3*lanes)
		s0, s1, s2, s3 := zeros(), zeros(), zeros(), zeros()
		one := all(1)
		for k := range n {
			at := unsafe.Add(pw, (i+k)*8)
			s0 = s0.Add(one.Masked(load(at, 0).Less(v0)))
			s1 = s1.Add(one.Masked(load(at, lanes).Less(v1)))
			s2 = s2.Add(one.Masked(load(at, 2*lanes).Less(v2)))
			s3 = s3.Add(one.Masked(load(at, 3*lanes).Less(v3)))
		}
		store(q, i, s0)
		store(q, i+lanes, s1)
		store(q, i+2*lanes, s2)
		store(q, i+3*lanes, s3)
	}
	done()
	return m
}
