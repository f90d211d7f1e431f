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
