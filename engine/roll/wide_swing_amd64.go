//go:build goexperiment.simd

package roll

func swingWide(dst, x, before, after []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pb, pa, mark := base(dst), base(x[:n]), base(before[:n]), base(after[:n]), all(100)
	for i := 0; i < n; i += lanes {
		store(q, i, mark.Masked(load(p, i).Greater(load(pb, i).Max(load(pa, i)))))
	}
	done()
	return n
}

func dipWide(dst, x, before, after []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pb, pa, mark := base(dst), base(x[:n]), base(before[:n]), base(after[:n]), all(100)
	for i := 0; i < n; i += lanes {
		store(q, i, mark.Masked(load(p, i).Less(load(pb, i).Min(load(pa, i)))))
	}
	done()
	return n
}
