//go:build goexperiment.simd

package roll

func quarterWide(dst, x []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, a, b := base(dst), base(x[:n+6]), all(ends), all(inner)
	for i := 0; i < n; i += lanes {
		store(q, i, load(p, i+6).Sub(load(p, i)).MulAdd(a, load(p, i+4).Sub(load(p, i+2)).Mul(b)))
	}
	done()
	return n
}

func smooth4Wide(dst, x []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, two, three, four, ten := base(dst), base(x[:n+3]), all(2), all(3), all(4), all(10)
	for i := 0; i < n; i += lanes {
		s := load(p, i+1).MulAdd(two, load(p, i))
		s = load(p, i+3).MulAdd(four, load(p, i+2).MulAdd(three, s))
		store(q, i, s.Div(ten))
	}
	done()
	return n
}

func lag4Wide(dst, x []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, two, three, ten := base(dst), base(x[:n+3]), all(2), all(3), all(10)
	for i := 0; i < n; i += lanes {
		now := load(p, i+3)
		s := now.Sub(load(p, i+1)).MulAdd(two, now.Sub(load(p, i)))
		store(q, i, now.Sub(load(p, i+2)).MulAdd(three, s).Div(ten))
	}
	done()
	return n
}
