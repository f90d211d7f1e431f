//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// aboveWide fills the set from the top: bars enter there, sixteen in a step while
// there are so many, and at the end all are moved down.
func aboveWide(x, y []float64) (uint64, int) {
	n := steps(len(x))
	if n == 0 {
		return 0, 0
	}
	p, q, m, i := base(x), base(y[:n]), uint64(0), 0
	for ; i < n-4*lanes+1; i += 4 * lanes {
		a, b := (*[4 * lanes]float64)(unsafe.Add(p, i*8)), (*[4 * lanes]float64)(unsafe.Add(q, i*8))
		m = m>>(4*lanes) | above(a[:4], b[:4])<<(Word-4*lanes) | above(a[4:8], b[4:8])<<(Word-3*lanes) |
			above(a[8:12], b[8:12])<<(Word-2*lanes) | above(a[12:], b[12:])<<(Word-lanes)
	}
	for ; i < n; i += lanes {
		m = m>>lanes | above((*[lanes]float64)(unsafe.Add(p, i*8))[:], (*[lanes]float64)(unsafe.Add(q, i*8))[:])<<(Word-lanes)
	}
	done()
	return m >> ((Word - n) & (Word - 1)), n
}

// above compares four bars.
func above(a, b []float64) uint64 {
	x, y := archsimd.LoadFloat64x4((*[lanes]float64)(a)), archsimd.LoadFloat64x4((*[lanes]float64)(b))
	return uint64(x.Greater(y).ToBits())
}

func greaterWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := 0; i < n; i += lanes {
		store(p, i, load(q, i).Max(load(r, i)))
	}
	done()
	return n
}

func lesserWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r := base(dst), base(a[:n]), base(b[:n])
	for i := 0; i < n; i += lanes {
		store(p, i, load(q, i).Min(load(r, i)))
	}
	done()
	return n
}

func apartWide(dst, a, b []float64) int {
	n := steps(len(dst))
	if n == 0 {
		return 0
	}
	p, q, r, zero := base(dst), base(a[:n]), base(b[:n]), all(0)
	for i := 0; i < n; i += lanes {
		d := load(q, i).Sub(load(r, i))
		store(p, i, d.Max(zero.Sub(d)))
	}
	done()
	return n
}

func meansWide(dst, x []float64, n int, d, inv float64) int {
	m := steps(len(dst))
	if m == 0 {
		return 0
	}
	p, q, minus, k := base(dst), base(x[:m+n-1]), all(-d), all(inv)
	for i := 0; i < m; i += lanes {
		s := load(q, i)
		for j := i + 1; j < i+n; j++ {
			s = s.Add(load(q, j))
		}
		y := s.Mul(k)
		store(p, i, y.MulAdd(minus, s).MulAdd(k, y))
	}
	done()
	return m
}
