//go:build goexperiment.simd

package ta

import (
	"simd/archsimd"
	"unsafe"
)

// wide says whether the processor can run finiteWide.
var wide = archsimd.X86.AVX2()

// finiteWide looks at as many values as make blocks of sixteen, and says how
// many those are and whether all of them are finite. The differences are
// gathered by their bits, so no addition waits for the one before.
func finiteWide(x []float64) (int, bool) {
	n := len(x) &^ 15
	if !wide || n == 0 {
		return 0, true
	}
	p := unsafe.Pointer(unsafe.SliceData(x))
	load := func(i int) archsimd.Float64x4 {
		return archsimd.LoadFloat64x4((*[4]float64)(unsafe.Add(p, i*8)))
	}
	var a, b archsimd.Int64x4
	for i := 0; i < n; i += 16 {
		q, r, s, t := load(i), load(i+4), load(i+8), load(i+12)
		a = a.Or(q.Sub(q).AsInt64x4()).Or(s.Sub(s).AsInt64x4())
		b = b.Or(r.Sub(r).AsInt64x4()).Or(t.Sub(t).AsInt64x4())
	}
	// The compiler keeps a store, unlike other operations, on its side of the
	// instruction that must come last.
	var bits [4]int64
	a.Or(b).Store(&bits)
	archsimd.ClearAVXUpperBits()
	return n, bits[0]|bits[1]|bits[2]|bits[3] == 0
}
