//go:build goexperiment.simd

package roll

import "unsafe"

func addWide(dst, a, b []float64) int {
	n := strides(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := n; ; {
		store(p, 0, load(q, 0).Add(load(r, 0)))
		store(p, lanes, load(q, lanes).Add(load(r, lanes)))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q, r = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(r, stride)
	}
	done()
	return n
}

func subWide(dst, a, b []float64) int {
	n := strides(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := n; ; {
		store(p, 0, load(q, 0).Sub(load(r, 0)))
		store(p, lanes, load(q, lanes).Sub(load(r, lanes)))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q, r = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(r, stride)
	}
	done()
	return n
}

func mulWide(dst, a, b []float64) int {
	n := strides(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := n; ; {
		store(p, 0, load(q, 0).Mul(load(r, 0)))
		store(p, lanes, load(q, lanes).Mul(load(r, lanes)))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q, r = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(r, stride)
	}
	done()
	return n
}

func scaleWide(dst, a []float64, c float64) int {
	n := strides(len(dst))
	if n == 0 {
		return 0
	}
	p, q, k := base(dst), base(a[:n]), all(c)
	for i := n; ; {
		store(p, 0, load(q, 0).Mul(k))
		store(p, lanes, load(q, lanes).Mul(k))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q = unsafe.Add(p, stride), unsafe.Add(q, stride)
	}
	done()
	return n
}

func mulAddWide(dst, a []float64, c float64, b []float64) int {
	n := strides(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r, k := base(dst), base(a[:n]), base(b[:n]), all(c)
	for i := n; ; {
		store(p, 0, load(q, 0).MulAdd(k, load(r, 0)))
		store(p, lanes, load(q, lanes).MulAdd(k, load(r, lanes)))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q, r = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(r, stride)
	}
	done()
	return n
}

func divideWide(dst, a []float64, d, inv float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, minus, k := base(dst), base(a[:n]), all(-d), all(inv)
	for i := 0; i < n; i += lanes {
		x := load(q, i)
		y := x.Mul(k)
		store(p, i, y.MulAdd(minus, x).MulAdd(k, y))
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

func apartWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pa, pb, unsigned := base(dst), base(a[:n]), base(b[:n]), withoutSign()
	for i := 0; i < n; i += lanes {
		store(q, i, magnitude(load(pa, i).Sub(load(pb, i)), unsigned))
	}
	done()
	return n
}

func greaterWide(dst, a, b []float64) int {
	n := strides(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := n; ; {
		store(p, 0, load(q, 0).Max(load(r, 0)))
		store(p, lanes, load(q, lanes).Max(load(r, lanes)))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q, r = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(r, stride)
	}
	done()
	return n
}

func lesserWide(dst, a, b []float64) int {
	n := strides(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := n; ; {
		store(p, 0, load(q, 0).Min(load(r, 0)))
		store(p, lanes, load(q, lanes).Min(load(r, lanes)))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, q, r = unsafe.Add(p, stride), unsafe.Add(q, stride), unsafe.Add(r, stride)
	}
	done()
	return n
}
