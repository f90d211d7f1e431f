//go:build goexperiment.simd

package roll

func mergeJointWide(dst, newer, older [][]float64, wm, wq float64) int {
	n := steps(len(dst[0]))
	if n == 0 {
		return 0
	}
	q, a, b := columns(dst, n), columns(newer, n), columns(older, n)
	km, kq := all(wm), all(wq)
	for i := 0; i < n; i += lanes {
		x, y := load(a[0], i), load(a[1], i)
		dx, dy := load(b[0], i).Sub(x), load(b[1], i).Sub(y)
		wx, wy := dx.Mul(kq), dy.Mul(kq)
		xx := wx.MulAdd(dx, load(a[2], i).Add(load(b[2], i)))
		yy := wy.MulAdd(dy, load(a[3], i).Add(load(b[3], i)))
		xy := wx.MulAdd(dy, load(a[4], i).Add(load(b[4], i)))
		store(q[0], i, dx.MulAdd(km, x))
		store(q[1], i, dy.MulAdd(km, y))
		xx.Store(at(q[2], i))
		yy.Store(at(q[3], i))
		xy.Store(at(q[4], i))
	}
	done()
	return n
}

func correlationWide(dst, xx, yy, xy []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, px, py, p := base(dst), base(xx[:n]), base(yy[:n]), base(xy[:n])
	zero, one, minus := zeros(), all(1), all(-1)
	for i := 0; i < n; i += lanes {
		s := load(px, i).Mul(load(py, i))
		r := load(p, i).Div(s.Sqrt()).Masked(s.NotEqual(zero))
		store(q, i, r.Max(minus).Min(one))
	}
	done()
	return n
}
