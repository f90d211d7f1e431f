//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

func beyondWide(dst, high, low, close []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, ph, pl, pc := base(dst), base(high[:n]), base(low[:n]), base(close[:n])
	for i := 0; i < n; i += lanes {
		c := load(pc, i)
		store(q, i, load(ph, i).Sub(c).Add(load(pl, i).Sub(c)))
	}
	done()
	return n
}

// spansWide sums for eight bars at once, so that additions are under way where one
// bar's sum would wait for itself.
func spansWide(close, extra, level, dst []float64, n int, unsigned bool) int {
	m := steps(len(dst))
	if m == 0 {
		return 0
	}
	w := spanned{base(close[:m+n-1]), base(extra[:m+n-1]), all(3), withoutSign()}
	if !unsigned {
		w.mask = archsimd.BroadcastInt64x4(-1)
	}
	pl, q := base(level[:m]), base(dst)
	rest := n % 4
	i := 0
	for ; i+2*lanes <= m; i += 2 * lanes {
		newest := i + n - 1
		c0, e0 := load(w.close, newest), load(w.extra, newest).Add(load(pl, i))
		c1, e1 := load(w.close, newest+4), load(w.extra, newest+4).Add(load(pl, i+4))
		s0, s1 := zeros(), zeros()
		k := i
		for ; k < i+rest; k++ {
			s0 = s0.Add(w.far(k, c0, e0))
			s1 = s1.Add(w.far(k+4, c1, e1))
		}
		for ; k < i+n; k += 4 {
			s0 = s0.Add(w.four(k, c0, e0))
			s1 = s1.Add(w.four(k+4, c1, e1))
		}
		store(q, i, s0)
		store(q, i+4, s1)
	}
	for ; i < m; i += lanes {
		newest := i + n - 1
		c, e, s := load(w.close, newest), load(w.extra, newest).Add(load(pl, i)), zeros()
		k := i
		for ; k < i+rest; k++ {
			s = s.Add(w.far(k, c, e))
		}
		for ; k < i+n; k += 4 {
			s = s.Add(w.four(k, c, e))
		}
		store(q, i, s)
	}
	done()
	return m
}

type spanned struct {
	close, extra unsafe.Pointer
	three        vector
	mask         archsimd.Int64x4
}

func (w *spanned) far(k int, c, e vector) vector {
	return magnitude(load(w.close, k).Sub(c).MulAdd(w.three, load(w.extra, k).Sub(e)), w.mask)
}

func (w *spanned) four(k int, c, e vector) vector {
	return w.far(k, c, e).Add(w.far(k+1, c, e)).Add(w.far(k+2, c, e).Add(w.far(k+3, c, e)))
}

func channelWide(dst, close, extra, mean []float64, flat, times float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	q, pc, pe, pm := base(dst), base(close[:n]), base(extra[:n]), base(mean[:n])
	k, little, still, three := all(times), all(flat), all(Flat), all(3)
	unsigned := withoutSign()
	for i := 0; i < n; i += lanes {
		m, sum := load(pm, i), load(q, i)
		level := magnitude(load(pc, i).MulAdd(three, load(pe, i).Add(m)), unsigned)
		moved := magnitude(m, unsigned).Greater(still.Mul(level)).And(sum.Greater(little.Mul(level)))
		store(q, i, k.Mul(m).Div(three.Mul(sum)).Masked(moved))
	}
	done()
	return n
}
