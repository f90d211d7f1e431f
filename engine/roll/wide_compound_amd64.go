//go:build goexperiment.simd

package roll

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
