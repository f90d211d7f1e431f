//go:build goexperiment.simd

package roll

import "simd/archsimd"

// Two are two values in the lanes of a vector: what comes one by one is worked on
// in them, two calculations in the time of one. Even for a single one that is
// faster than math.FMA, whose every call asks what the processor can do. A function
// that takes or returns a Two may be three times as large as others and still be
// put in line.
type Two = archsimd.Float64x2

// paired says whether the processor has what a Two needs.
func paired() bool { return wide }

func twice(x float64) Two { return archsimd.BroadcastFloat64x2(x) }

// twoOf makes a Two in registers: what is stored in halves cannot be loaded as a
// whole at once.
func twoOf(x, z float64) Two { return twice(x).SelectFromPair(0, 2, twice(z)) }
