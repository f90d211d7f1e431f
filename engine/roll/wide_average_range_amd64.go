//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// nextWide makes ranges and averages in one pass, and so does not wait for the
// one to be stored for the other. In a bar whose low is not above its high the
// true range is the higher of high and close before, less the lower of low and
// close before: the same number, of three operations in place of seven. Where a
// low is above its high it does nothing, and neither with less than two vectors.
func (a *AverageRange) nextWide(high, low, close, out []float64) int {
	n := len(out) &^ (2*lanes - 1)
	if !wide || n == 0 {
		return 0
	}
	r := a.Average
	ph, pl, pc, q, px, py := base(high[:n]), base(low[:n]), base(close[:n]), base(out), base(r.x[:]), base(r.y[:])
	ka, kab, b2, b4, b8 := all(r.a), all(r.ab), all(r.b2), all(r.b4), all(r.b8)
	u4 := load(px, 3).MulAdd(kab, load(px, 4).Mul(ka))
	f4 := load(px, 1).MulAdd(kab, load(px, 2).Mul(ka)).MulAdd(b2, u4)
	y8, y4 := load(py, 0), load(py, 4)
	t1 := load(px, 4)
	last := all(a.Reach.value)
	before := shifted(last, load(pc, 0)) // the closes before
	var wrong archsimd.Int64x4           // the signs of high − low
	for i := n; ; {
		h, l := load(ph, 0), load(pl, 0)
		wrong = wrong.Or(h.Sub(l).AsInt64x4())
		t0 := h.Max(before).Sub(l.Min(before))
		u0 := shifted(t1, t0).MulAdd(kab, t0.Mul(ka))
		f0 := earlier(u4, u0).MulAdd(b2, u0)
		y8 = y8.MulAdd(b8, f4.MulAdd(b4, f0))
		store(q, 0, y8)
		h, l, before = load(ph, lanes), load(pl, lanes), load(pc, lanes-1)
		wrong = wrong.Or(h.Sub(l).AsInt64x4())
		t1 = h.Max(before).Sub(l.Min(before))
		u4 = shifted(t0, t1).MulAdd(kab, t1.Mul(ka))
		f4 = earlier(u0, u4).MulAdd(b2, u4)
		y4 = y4.MulAdd(b8, f0.MulAdd(b4, f4))
		store(q, lanes, y4)
		if i -= 2 * lanes; i == 0 {
			before = t0
			break
		}
		ph, pl, pc, q = unsafe.Add(ph, 64), unsafe.Add(pl, 64), unsafe.Add(pc, 64), unsafe.Add(q, 64)
		before = load(pc, -1)
	}
	var signs [lanes]int64
	wrong.Store(&signs)
	if signs[0]|signs[1]|signs[2]|signs[3] < 0 {
		done()
		return 0
	}
	store(px, 0, before)
	store(px, lanes, t1)
	store(py, 0, y8)
	store(py, lanes, y4)
	done()
	a.Reach.value = close[n-1]
	return n
}
