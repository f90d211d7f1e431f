//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// wide says whether the processor can run the wide bodies. Tests turn it off to
// compare them with the scalar ones.
var wide = archsimd.X86.AVX2() && archsimd.X86.FMA()

type vector = archsimd.Float64x4

// steps is how many of n values fill whole vectors, 0 when wide is off.
func steps(n int) int {
	if !wide {
		return 0
	}
	return n &^ (lanes - 1)
}

// strides is how many of n values fill pairs of vectors, 0 when wide is off. Two
// vectors a step share the step's own instructions.
func strides(n int) int {
	if !wide {
		return 0
	}
	return n &^ (2*lanes - 1)
}

// stride is two vectors, in bytes. A pointer never goes on at the end of a
// column: past it might be another's, and the garbage collector would mind.
const stride = 2 * lanes * 8

// base, load and store reach into a column without a bounds check in each step:
// every wide body first reslices its columns to one length, which checks them.
func base(s []float64) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }

func load(p unsafe.Pointer, i int) vector { return archsimd.LoadFloat64x4(at(p, i)) }

func store(p unsafe.Pointer, i int, v vector) { v.Store(at(p, i)) }

// at is a vector's place. The compiler leaves a no-op behind for a call that it
// inlines on a line without an instruction of its own, and a tight loop is not
// faster than its instructions are fetched: there, what is ready is stored by
// v.Store(at(p, i)), and such lines do without other functions.
func at(p unsafe.Pointer, i int) *[lanes]float64 { return (*[lanes]float64)(unsafe.Add(p, i*8)) }

func (r *repeated) vector() vector { return archsimd.LoadFloat64x4((*[lanes]float64)(r)) }

func all(x float64) vector { return archsimd.BroadcastFloat64x4(x) }

// allWhole is all of a small whole number. It is no float64 before: between its first
// vector and done a wide body has nothing that sets a register the old way, as the
// compiler converts, copies an array, loads a constant or compares with 0, for that
// takes some processors 60 ns, and to go on with vectors as long again. TestHalves
// finds what does.
func allWhole(n int) vector { return archsimd.BroadcastInt32x4(int32(n)).ConvertToFloat64() }

// zeros is all(0), which would clear a register the old way.
func zeros() vector {
	var v vector
	return v
}

// withoutSign is the mask of magnitude. It is a parameter so that a loop loads it
// once.
func withoutSign() archsimd.Int64x4 { return archsimd.BroadcastInt64x4(1<<63 - 1) }

// magnitude clears the signs.
func magnitude(x vector, unsigned archsimd.Int64x4) vector {
	return x.AsInt64x4().And(unsigned).AsFloat64x4()
}

// done ends a wide body: scalar code after it would otherwise run up to three
// times slower, the upper halves of the registers being still in use.
func done() { archsimd.ClearAVXUpperBits() }
