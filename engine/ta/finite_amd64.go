//go:build goexperiment.simd

package ta

import (
	"simd/archsimd"
	"unsafe"
)

// wide says whether the processor can run finiteWide.
var wide = archsimd.X86.AVX2() && archsimd.X86.FMA()

// finiteWide looks at as many values as make blocks of sixteen, and says how
// many those are and whether all of them are finite: 0 times a value is 0, and
// NaN for the others, in four sums so that no addition waits for the one before.
func finiteWide(x []float64) (int, bool) {
	n := len(x) &^ 15
	if !wide || n == 0 {
		return 0, true
	}
	p := unsafe.Pointer(unsafe.SliceData(x))
	load := func(i int) archsimd.Float64x4 {
		return archsimd.LoadFloat64x4((*[4]float64)(unsafe.Add(p, i*8)))
	}
	var zero, a, b, c, d archsimd.Float64x4
	for i := 0; i < n; i += 16 {
		a = load(i).MulAdd(zero, a)
		b = load(i+4).MulAdd(zero, b)
		c = load(i+8).MulAdd(zero, c)
		d = load(i+12).MulAdd(zero, d)
	}
	// The compiler keeps a store, unlike other operations, on its side of the
	// instruction that must come last.
	var sums [4]float64
	a.Add(b).Add(c.Add(d)).Store(&sums)
	archsimd.ClearAVXUpperBits()
	return n, sums[0]+sums[1]+sums[2]+sums[3] == 0
}
