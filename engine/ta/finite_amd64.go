//go:build goexperiment.simd

package ta

import (
	"simd/archsimd"
	"unsafe"
)

// wide says whether the processor can run finiteWide.
var wide = archsimd.X86.AVX2() && archsimd.X86.FMA()

// block is how many values finiteWide looks at in a step.
const block = 16

// finiteWide adds up as many values of each column as make whole blocks, and
// says how many of each those are, and the sum: four sums in truth, so that no
// addition waits for the one before.
func finiteWide(in Columns, from, to int) (n int, sum float64) {
	n = (to - from) &^ (block - 1)
	if !wide || n == 0 {
		return 0, 0
	}
	var a, b, c, d archsimd.Float64x4
	for _, col := range in {
		p := unsafe.Pointer(unsafe.SliceData(col[from:to]))
		for i := n; ; i -= block {
			step := (*[4][4]float64)(p)
			a = a.Add(archsimd.LoadFloat64x4(&step[0]))
			b = b.Add(archsimd.LoadFloat64x4(&step[1]))
			c = c.Add(archsimd.LoadFloat64x4(&step[2]))
			d = d.Add(archsimd.LoadFloat64x4(&step[3]))
			if i == block {
				break // a pointer past the end might be another's
			}
			p = unsafe.Add(p, block*8)
		}
	}
	// The compiler keeps a store, unlike other operations, on its side of the
	// instruction that must come last.
	var sums [4]float64
	a.Add(b).Add(c.Add(d)).Store(&sums)
	archsimd.ClearAVXUpperBits()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}
