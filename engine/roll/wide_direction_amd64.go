//go:build goexperiment.simd

package roll

func directionWide(high, low, more, plus, minus []float64) (i int, sum float64) {
	n := len(high)
	if !wide || n < 1+lanes {
		return 1, 0
	}
	ph, pl, pm, q, r, zero := base(high), base(low[:n]), base(more[:n]), base(plus[:n]), base(minus[:n]), zeros()
	seen := zero
	for i = 1; i+lanes <= n; i += lanes {
		up := load(ph, i).Sub(load(ph, i-1))
		down := load(pl, i-1).Sub(load(pl, i))
		seen = seen.Add(up.Add(down).Add(load(pm, i)))
		store(q, i, up.Masked(up.Greater(down.Max(zero))))
		store(r, i, down.Masked(down.Greater(up.Max(zero))))
	}
	var sums [lanes]float64
	seen.Store(&sums)
	done()
	return i, sums[0] + sums[1] + sums[2] + sums[3]
}
