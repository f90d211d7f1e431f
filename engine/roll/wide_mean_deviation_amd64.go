//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// distancesWide sums for eight bars at once, so that additions are under way where
// one bar's sum would wait for itself.
func distancesWide(w, x, mean, dst []float64, n int) int {
	m := steps(len(dst))
	if m == 0 {
		return 0
	}
	p, px, pm, q := base(w[:m+n-1]), base(x[:m]), base(mean[:m]), base(dst)
	unsigned := withoutSign()
	rest := n % 4
	i := 0
	for ; i+2*lanes <= m; i += 2 * lanes {
		x0, x1, m0, m1 := load(px, i), load(px, i+4), load(pm, i), load(pm, i+4)
		s0, s1 := zeros(), zeros()
		k := i
		for ; k < i+rest; k++ {
			s0 = s0.Add(far(p, k, x0, m0, unsigned))
			s1 = s1.Add(far(p, k+4, x1, m1, unsigned))
		}
		for ; k < i+n; k += 4 {
			s0 = s0.Add(farFour(p, k, x0, m0, unsigned))
			s1 = s1.Add(farFour(p, k+4, x1, m1, unsigned))
		}
		s0.Store(at(q, i))
		s1.Store(at(q, i+4))
	}
	for ; i < m; i += lanes {
		x0, m0, s0 := load(px, i), load(pm, i), zeros()
		k := i
		for ; k < i+rest; k++ {
			s0 = s0.Add(far(p, k, x0, m0, unsigned))
		}
		for ; k < i+n; k += 4 {
			s0 = s0.Add(farFour(p, k, x0, m0, unsigned))
		}
		s0.Store(at(q, i))
	}
	done()
	return m
}

func far(p unsafe.Pointer, k int, x, mean vector, unsigned archsimd.Int64x4) vector {
	return magnitude(load(p, k).Sub(x).Sub(mean), unsigned)
}

func farFour(p unsafe.Pointer, k int, x, mean vector, unsigned archsimd.Int64x4) vector {
	return far(p, k, x, mean, unsigned).Add(far(p, k+1, x, mean, unsigned)).
		Add(far(p, k+2, x, mean, unsigned).Add(far(p, k+3, x, mean, unsigned)))
}
