//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// nextWide makes the ranges and, while they are in registers, their averages as
// aheadWide does. In a bar whose low is not above its high the true range is the
// higher of high and close before, less the lower of low and close before: the
// same number, of three operations in place of seven. Where a low is above its high
// or a price is no number it changes nothing but out, and neither with less than
// two vectors: a high or a low that is no number compares with none, an infinite one
// makes a range that is, which stays in the averages, and the closes are added up.
func (a *AverageRange) nextWide(high, low, close, out []float64) int {
	n := strides(len(out))
	if n == 0 {
		return 0
	}
	r := a.Average
	ph, pl, pc, q, px, py := base(high[:n]), base(low[:n]), base(close[:n]), base(out), base(r.x[:]), base(r.y[:])
	first := [2 * lanes]float64{a.Reach.value}
	copy(first[1:], close)
	pb := base(first[:]) // the closes before
	b8 := repeat(r.b8)   // in memory, for there are no more registers
	var proper archsimd.Int64x4
	proper = proper.Equal(proper).ToInt64x4()
	k, ab, b2, b4 := all(r.a), all(r.ab), all(r.b2), all(r.b4)
	w := load(px, 4) // the ranges of the vector before
	u4 := load(px, 3).MulAdd(ab, w.Mul(k))
	f4 := load(px, 1).MulAdd(ab, load(px, 2).Mul(k)).MulAdd(b2, u4)
	y8, y4 := load(py, 0), load(py, 4)
	var signs [lanes]int64
	var x, y [look]float64
	seen := zeros()
	var sum [lanes]float64
	for i := n; ; {
		proper = proper.And(load(ph, 0).GreaterEqual(load(pl, 0)).ToInt64x4())
		seen = seen.Add(load(pb, 0))
		s := load(ph, 0).Max(load(pb, 0)).Sub(load(pl, 0).Min(load(pb, 0)))
		u0 := shifted(w, s).MulAdd(ab, s.Mul(k))
		f0 := u4.Select128FromPair(1, 2, u0).MulAdd(b2, u0)
		y8 = y8.MulAdd(b8.vector(), f4.MulAdd(b4, f0))
		y8.Store(at(q, 0))
		proper = proper.And(load(ph, lanes).GreaterEqual(load(pl, lanes)).ToInt64x4())
		seen = seen.Add(load(pb, lanes))
		w = load(ph, lanes).Max(load(pb, lanes)).Sub(load(pl, lanes).Min(load(pb, lanes)))
		u4 = shifted(s, w).MulAdd(ab, w.Mul(k))
		f4 = u0.Select128FromPair(1, 2, u4).MulAdd(b2, u4)
		y4 = y4.MulAdd(b8.vector(), f0.MulAdd(b4, f4))
		y4.Store(at(q, lanes))
		if i -= 2 * lanes; i == 0 {
			s.Store(at(unsafe.Pointer(&x), 0))
			w.Store(at(unsafe.Pointer(&x), lanes))
			break
		}
		ph, pl, pc, q = unsafe.Add(ph, stride), unsafe.Add(pl, stride), unsafe.Add(pc, stride), unsafe.Add(q, stride)
		pb = unsafe.Add(pc, -8)
	}
	y8.Store(at(unsafe.Pointer(&y), 0))
	y4.Store(at(unsafe.Pointer(&y), lanes))
	proper.Store(&signs)
	seen.Store(&sum)
	done()
	closes := sum[0] + sum[1] + sum[2] + sum[3] + close[n-1]
	if signs[0]&signs[1]&signs[2]&signs[3] == 0 || (closes-closes)+(y[look-1]-y[look-1]) != 0 {
		return 0
	}
	r.x, r.y, a.Reach.value = x, y, close[n-1]
	return n
}
