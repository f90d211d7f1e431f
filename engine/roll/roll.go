// Package roll has the running calculations over columns that indicators are
// made of: windows, recurrences and the arithmetic between columns.
//
// A calculation is fed chunks of at most ta.Tile finite values, remembers what
// it needs of earlier ones, and gives the same bits however the values were
// cut into chunks. Its Next returns the lead: how many of the first values of
// this chunk have no result yet. Those results are NaN; what follows a
// calculation is fed from the lead on. Slices given to one call never overlap
// unless it says so.
//
// Many have Tick beside Next, for a stream whose bars come one by one: a value in
// and a result out, with the same bits. See tick.go.
//
// Most loops have two bodies. A wide one (SIMD, four bars at a time) does as
// many whole steps as it can and says how far it came, and the scalar loop does
// the rest, with the same operations in the same order: fused where the wide
// one fuses, so both give the same bits. Compilers for arm64, and for amd64 of
// level v3, fuse of their own accord; a product that is added to unfused is
// therefore converted to float64, which forbids it. Built without SIMD, or on a
// processor without AVX2 and FMA, the wide bodies do nothing.
package roll

import "math"

var nan, inf = math.NaN(), math.Inf(1)

// lanes is how many values a vector of the wide bodies holds.
const lanes = 4

// repeated is one value in every lane, ready to be loaded.
type repeated [lanes]float64

func repeat(v float64) repeated { return repeated{v, v, v, v} }

// Blank makes the first lead values of each column NaN: outputs that begin at
// the same bar although they were ready at different ones.
func Blank(lead int, columns ...[]float64) {
	for _, col := range columns {
		for i := range col[:lead] {
			col[i] = nan
		}
	}
}

// Flat is the part of two prices' size below which their difference is taken
// for rounding and counts as none, as TA-Lib has it: some 90 steps of a float64.
const Flat = 1e-14

// larger is what the processor's MAXPD computes, unlike max: no rule for NaN,
// which its users never see, or for the sign of zero, which they do not pass on.
func larger(a, b float64) float64 {
	if a > b {
		return a
	}
	return b
}

// smaller is what MINPD computes, in the same way.
func smaller(a, b float64) float64 {
	if a < b {
		return a
	}
	return b
}
