//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"
)

// rideWide does one bar at a time, in vectors for their larger, smaller and
// masked, which scalar code has to branch for: whether a bar has a new best price
// is what no processor can predict. It leaves the last bar, beyond which it must
// not read.
func (p *Parabolic) rideWide(near, far, out []float64, i int, before float64) (int, float64) {
	n := len(out) - 1
	if !wide || i >= n {
		return i, before
	}
	two := func(x float64) archsimd.Float64x2 { return archsimd.BroadcastFloat64x2(x) }
	at := func(p unsafe.Pointer, i int) archsimd.Float64x2 {
		return archsimd.LoadFloat64x2((*[2]float64)(unsafe.Add(p, i*8)))
	}
	a := p.acceleration()
	side, sign, step, limit := two(p.side), two(p.sign()), two(a.Step), two(a.Limit)
	sar, best, part, last := two(p.sar), two(p.best), two(p.part), two(before)
	pn, pf, q := base(near[:n+1]), base(far[:n+1]), base(out)
	for ; i < n; i++ {
		v := at(pn, i).Mul(side)
		if v.LessEqual(sar).ToBits()&1 != 0 {
			break
		}
		sar.Mul(sign).Store((*[2]float64)(unsafe.Add(q, i*8)))
		e := at(pf, i).Mul(side)
		part = part.Add(step.Masked(e.Greater(best))).Min(limit)
		best = e.Max(best)
		sar = best.Sub(sar).MulAdd(part, sar).Min(last.Min(v))
		last = v
	}
	p.sar, p.best, p.part = sar.GetElem(0), best.GetElem(0), part.GetElem(0)
	return i, last.GetElem(0)
}
