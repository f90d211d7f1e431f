//go:build goexperiment.simd

package roll

// distancesWide sums for sixteen bars at once, so that four additions are under
// way where one bar's sum would wait for itself.
func distancesWide(w, mean, dst []float64, n int) int {
	m := steps(len(dst))
	if m == 0 {
		return 0
	}
	p, pm, q, zero := base(w[:m+n-1]), base(mean[:m]), base(dst), zeros()
	unsigned := withoutSign()
	i := 0
	for ; i+4*lanes <= m; i += 4 * lanes {
		m0, m1, m2, m3 := load(pm, i), load(pm, i+4), load(pm, i+8), load(pm, i+12)
		s0, s1, s2, s3 := zero, zero, zero, zero
		for k := i; k < i+n; k++ {
			s0 = s0.Add(magnitude(load(p, k).Sub(m0), unsigned))
			s1 = s1.Add(magnitude(load(p, k+4).Sub(m1), unsigned))
			s2 = s2.Add(magnitude(load(p, k+8).Sub(m2), unsigned))
			s3 = s3.Add(magnitude(load(p, k+12).Sub(m3), unsigned))
		}
		store(q, i, s0)
		store(q, i+4, s1)
		store(q, i+8, s2)
		store(q, i+12, s3)
	}
	for ; i < m; i += lanes {
		m0, s0 := load(pm, i), zero
		for k := i; k < i+n; k++ {
			s0 = s0.Add(magnitude(load(p, k).Sub(m0), unsigned))
		}
		store(q, i, s0)
	}
	done()
	return m
}

func channelWide(dst, x, mean, deviation []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, p, pm, pd, flat, k := base(dst), base(x[:n]), base(mean[:n]), base(deviation[:n]), all(Flat), all(0.015)
	unsigned := withoutSign()
	for i := 0; i < n; i += lanes {
		m, dev := load(pm, i), load(pd, i)
		d, still := load(p, i).Sub(m), flat.Mul(magnitude(m, unsigned))
		moved := magnitude(d, unsigned).Greater(still).And(dev.Greater(still))
		store(q, i, d.Div(k.Mul(dev)).Masked(moved))
	}
	done()
	return n
}
