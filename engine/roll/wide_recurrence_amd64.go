//go:build goexperiment.simd

package roll

// aheadWide is two vectors a step: the one chain of dependent operations is a
// multiply-add for eight bars.
func aheadWide(x, y []float64, from int, c *powers) int {
	n := len(y)
	if !wide || n-from < 2*lanes {
		return from
	}
	p, q := base(x[:n]), base(y)
	a, ab, b2, b4, b8 := all(c.a), all(c.ab), all(c.b2), all(c.b4), all(c.b8)
	u := func(i int) vector { return load(p, i-1).MulAdd(ab, load(p, i).Mul(a)) }
	i := from
	u4 := u(i - 4)
	f4 := u(i-6).MulAdd(b2, u4)
	y8, y4 := load(q, i-8), load(q, i-4)
	for ; i+2*lanes <= n; i += 2 * lanes {
		u0, u1 := u(i), u(i+4)
		f0 := u4.Select128FromPair(1, 2, u0).MulAdd(b2, u0)
		f1 := u0.Select128FromPair(1, 2, u1).MulAdd(b2, u1)
		y8 = y8.MulAdd(b8, f4.MulAdd(b4, f0))
		y4 = y4.MulAdd(b8, f0.MulAdd(b4, f1))
		store(q, i, y8)
		store(q, i+4, y4)
		u4, f4 = u1, f1
	}
	done()
	return i
}
