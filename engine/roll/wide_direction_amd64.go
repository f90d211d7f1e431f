//go:build goexperiment.simd

package roll

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
