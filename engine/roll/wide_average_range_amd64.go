//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// nextWide makes the ranges and, while they are in registers, their sums. In a bar
// whose low is not above its high the true range is the higher of high and close
// before, less the lower of low and close before: the same number, of three operations
// in place of seven. Where a low is above its high or a price is no number it changes
// nothing but out, and neither with less than two vectors: a high or a low that is no
// number compares with none, an infinite one makes a range that is, which stays in the
// sum, and the closes are added up. It wants a trace that runs.
func (a *AverageRange) nextWide(high, low, close, out []float64) int {
	n := strides(len(out))
	if n == 0 {
		return 0
	}
	ph, pl, pc, q := base(high[:n]), base(low[:n]), base(close[:n]), base(out)
	first := [2 * lanes]float64{a.value}
	copy(first[1:], close)
	pb := base(first[:]) // the closes before
	sum := a.sum
	spans := [lanes]float64{lanes - 1: sum.before} // the ranges of the vector before
	var signs [lanes]int64
	var closes [lanes]float64
	var proper archsimd.Int64x4
	proper = proper.Equal(proper).ToInt64x4()
	k, b, b2, b4 := all(a.scale), all(sum.b), all(sum.b2), all(sum.b4)
	w, u4, z := load(base(spans[:]), 0), load(base(sum.u[:]), 0), load(base(sum.z[:]), 0)
	seen := zeros()
	for i := n; ; {
		proper = proper.And(load(ph, 0).GreaterEqual(load(pl, 0)).ToInt64x4())
		seen = seen.Add(load(pb, 0))
		s := load(ph, 0).Max(load(pb, 0)).Sub(load(pl, 0).Min(load(pb, 0)))
		u0 := shifted(w, s).MulAdd(b, s)
		z = z.MulAdd(b4, u4.Select128FromPair(1, 2, u0).MulAdd(b2, u0))
		z.Mul(k).Store(at(q, 0))
		proper = proper.And(load(ph, lanes).GreaterEqual(load(pl, lanes)).ToInt64x4())
		seen = seen.Add(load(pb, lanes))
		w = load(ph, lanes).Max(load(pb, lanes)).Sub(load(pl, lanes).Min(load(pb, lanes)))
		u4 = shifted(s, w).MulAdd(b, w)
		z = z.MulAdd(b4, u0.Select128FromPair(1, 2, u4).MulAdd(b2, u4))
		z.Mul(k).Store(at(q, lanes))
		if i -= 2 * lanes; i == 0 {
			break
		}
		ph, pl, pc, q = unsafe.Add(ph, stride), unsafe.Add(pl, stride), unsafe.Add(pc, stride), unsafe.Add(q, stride)
		pb = unsafe.Add(pc, -8)
	}
	store(base(spans[:]), 0, w)
	store(base(sum.u[:]), 0, u4)
	store(base(sum.z[:]), 0, z)
	proper.Store(&signs)
	seen.Store(&closes)
	done()
	total, last := closes[0]+closes[1]+closes[2]+closes[3]+close[n-1], sum.z[glance-1]
	if signs[0]&signs[1]&signs[2]&signs[3] == 0 || (total-total)+(last-last) != 0 {
		return 0
	}
	sum.before = spans[lanes-1]
	a.sum, a.value = sum, close[n-1]
	return n
}
