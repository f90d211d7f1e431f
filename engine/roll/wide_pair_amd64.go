//go:build goexperiment.simd

package roll

import "simd/archsimd"

// pair is a vector of two values: what comes one by one is worked on in its lanes,
// two calculations in the time of one. Even for a single one it is faster than
// math.FMA, whose every call asks what the processor can do.
type pair = archsimd.Float64x2

// paired says whether the processor has what a pair needs.
func paired() bool { return wide }

func load2(b *both) pair { return archsimd.LoadFloat64x2(b) }

func twice(x float64) pair { return archsimd.BroadcastFloat64x2(x) }

// twoOf makes a pair in registers: what is stored in halves cannot be loaded as a
// whole at once.
func twoOf(x, z float64) pair { return twice(x).SelectFromPair(0, 2, twice(z)) }
