//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// nextWide makes the ranges and then their averages. In a bar whose low is not
// above its high the true range is the higher of high and close before, less the
// lower of low and close before: the same number, of three operations in place of
// seven. Where a low is above its high or a price is no number it does nothing,
// and neither with less than two vectors.
func (a *AverageRange) nextWide(high, low, close, out []float64) int {
	n := strides(len(out))
	if n == 0 {
		return 0
	}
	ph, pl, pc, q := base(high[:n]), base(low[:n]), base(close[:n]), base(a.ranges[:n])
	before := shifted(all(a.Reach.value), load(pc, 0)) // the closes before
	var wrong archsimd.Int64x4                         // the signs of high − low
	var sum vector                                     // no number once a price is none
	for i := n; ; {
		d, e := load(ph, 0).Sub(load(pl, 0)), load(ph, lanes).Sub(load(pl, lanes))
		wrong = wrong.Or(d.AsInt64x4().Or(e.AsInt64x4()))
		sum = sum.Add(d.Add(before).Add(e.Add(load(pc, lanes-1))))
		store(q, 0, load(ph, 0).Max(before).Sub(load(pl, 0).Min(before)))
		store(q, lanes, load(ph, lanes).Max(load(pc, lanes-1)).Sub(load(pl, lanes).Min(load(pc, lanes-1))))
		if i -= 2 * lanes; i == 0 {
			break
		}
		ph, pl, pc, q = unsafe.Add(ph, stride), unsafe.Add(pl, stride), unsafe.Add(pc, stride), unsafe.Add(q, stride)
		before = load(pc, -1)
	}
	var signs [lanes]int64
	wrong.Store(&signs)
	whole := repeat(0)
	sum.Store((*[lanes]float64)(&whole))
	done()
	total := whole[0] + whole[1] + (whole[2] + whole[3]) + close[n-1]
	if signs[0]|signs[1]|signs[2]|signs[3] < 0 || total-total != 0 {
		return 0
	}
	r := a.Average
	r.aheadWide(a.ranges[:n], out[:n])
	copy(r.x[:], a.ranges[n-look:n])
	copy(r.y[:], out[n-look:n])
	a.Reach.value = close[n-1]
	return n
}
