//go:build goexperiment.simd

package roll

import "unsafe"

// columns are the beginnings of up to five columns, for n values of each.
func columns(of [][]float64, n int) (p [5]unsafe.Pointer) {
	for c, col := range of {
		p[c] = base(col[:n])
	}
	return p
}
