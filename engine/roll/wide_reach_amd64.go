//go:build goexperiment.simd

package roll

func trueRangeWide(high, low, close, out []float64) int {
	i, n := 1, len(out)
	if !wide || n < 1+lanes {
		return i
	}
	ph, pl, pc, q := base(high[:n]), base(low[:n]), base(close[:n]), base(out)
	unsigned := withoutSign()
	for ; i+lanes <= n; i += lanes {
		h, l, c := load(ph, i), load(pl, i), load(pc, i-1)
		store(q, i, h.Sub(l).Max(magnitude(h.Sub(c), unsigned)).Max(magnitude(l.Sub(c), unsigned)))
	}
	done()
	return i
}

func pressureWide(high, low, close, bought, ranges []float64) (i int, sum float64) {
	n := len(close)
	if !wide || n < 1+lanes {
		return 1, 0
	}
	ph, pl, pc, q, r := base(high[:n]), base(low[:n]), base(close), base(bought[:n]), base(ranges[:n])
	seen := zeros()
	for i = 1; i+lanes <= n; i += lanes {
		h, l, c, before := load(ph, i), load(pl, i), load(pc, i), load(pc, i-1)
		bottom := l.Min(before)
		store(q, i, c.Sub(bottom))
		store(r, i, h.Max(before).Sub(bottom))
		seen = seen.Add(h.Add(l).Add(c))
	}
	var sums [lanes]float64
	seen.Store(&sums)
	done()
	return i, sums[0] + sums[1] + sums[2] + sums[3]
}
