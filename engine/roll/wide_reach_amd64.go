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

func pressureWide(high, low, close, bought, ranges []float64) int {
	i, n := 1, len(close)
	if !wide || n < 1+lanes {
		return i
	}
	ph, pl, pc, q, r := base(high[:n]), base(low[:n]), base(close), base(bought[:n]), base(ranges[:n])
	for ; i+lanes <= n; i += lanes {
		before := load(pc, i-1)
		bottom := load(pl, i).Min(before)
		store(q, i, load(pc, i).Sub(bottom))
		store(r, i, load(ph, i).Max(before).Sub(bottom))
	}
	done()
	return i
}
