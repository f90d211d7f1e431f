//go:build goexperiment.simd

package roll

import (
	"simd/archsimd"
	"unsafe"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// doubled is room for d and q with each value twice: what is stored in pairs is at
// hand again as soon as it is loaded in pairs.
type doubled struct {
	d [9 + ta.Tile][2]float64
	q [6 + ta.Tile][2]float64
}

// turnWide keeps the two parts of a phasor in the lanes of a Two; what both take
// is in each of them.
func (p *phasor) turnWide(f, d, q, period []float64, room *doubled) int {
	n := len(f) - 1
	if !wide || n < 1 {
		return 0
	}
	for k, v := range d[:9] {
		room.d[k] = [2]float64{v, v}
	}
	for k, v := range q[:6] {
		room.q[k] = [2]float64{v, v}
	}
	two := func(a, b float64) Two { return archsimd.LoadFloat64x2(&[2]float64{a, b}) }
	same := func(x float64) Two { return archsimd.BroadcastFloat64x2(x) }
	flip := func(x Two) Two { return x.SelectFromPair(1, 2, x) }
	fifth, rest, twentieth := same(0.2), same(0.8), same(0.04)
	outer, minusOuter, middle := same(ends), same(-ends), same(inner)
	first, signs, slopes, offsets := two(0.2, 0), two(-0.2, 0.2), two(-0.2*ends, 0), two(0, 0.2)
	down, up, shortest, longest := same(0.67), same(1.5), same(shortestCycle), same(longestCycle)
	ofLength, ofPeriod, gain := same(tuningSlope*0.2), same(tuningSlope*0.8), same(tuningBase)
	least, most, magic, zero := same(leastCotangent), same(mostCotangent), same(eighths), same(0)
	second := archsimd.LoadInt64x2(&[2]int64{0, -1 << 63})
	t, length, now, turned := same(p.tuning), same(p.period), two(p.now[0], p.now[1]), two(p.turned[0], p.turned[1])
	series := unsafe.Pointer(cycles())
	pf, pp := base(f), base(period[:n+1])
	pd, pq := unsafe.Pointer(&room.d), unsafe.Pointer(&room.q)
	at := func(p unsafe.Pointer, i int) Two { return archsimd.LoadFloat64x2((*[2]float64)(unsafe.Add(p, 16*i))) }
	put := func(p unsafe.Pointer, i int, v Two) { v.Store((*[2]float64)(unsafe.Add(p, 16*i))) }
	for i := 0; i < n; i++ {
		x := archsimd.LoadFloat64x2((*[2]float64)(unsafe.Add(pf, 8*i)))
		x = x.SelectFromPair(0, 2, x)
		d6 := at(pd, i+6)
		restD := at(pd, i+3).MulAdd(minusOuter, at(pd, i+7).Sub(at(pd, i+5)).Mul(middle))
		restQ := at(pq, i).MulAdd(minusOuter, at(pq, i+4).Sub(at(pq, i+2)).Mul(middle))
		ahead := d6.Sub(at(pd, i)).MulAdd(outer, at(pd, i+4).Sub(at(pd, i+2)).Mul(middle))

		before := now
		across := flip(before).AsInt64x2().Xor(second).AsFloat64x2()
		kept := before.MulAdd(rest, d6.Mul(first))
		tuned := restQ.SelectFromPair(0, 2, ahead).Mul(signs)
		keptParts, tunedParts := kept.Mul(fifth), tuned.Mul(fifth)
		b0 := keptParts.SelectFromPair(0, 2, keptParts).MulAdd(before, keptParts.SelectFromPair(1, 3, keptParts).MulAdd(across, turned.Mul(rest)))
		b1 := tunedParts.SelectFromPair(0, 2, tunedParts).MulAdd(before, tunedParts.SelectFromPair(1, 3, tunedParts).Mul(across))
		a1, a0 := before.Mul(same(-0.04*ends)), across.Mul(twentieth)
		low, high := length.Mul(down).Max(shortest), length.Mul(up).Min(longest).Max(shortest)
		old, oldTuning := length.Mul(rest), length.MulAdd(ofPeriod, gain)

		quadrature := x.Mul(outer).MulAdd(t, restD).Mul(t)
		turned = quadrature.MulAdd(a1.MulAdd(t, a0), b1.MulAdd(t, b0))
		put(pd, i+9, x.Mul(t))
		put(pq, i+6, quadrature)
		now = t.MulAdd(slopes, offsets).MulAdd(quadrature, tuned.MulAdd(t, kept))

		if turned.Equal(zero).ToBits() == 0 {
			c := turned.SelectFromPair(0, 2, turned).Div(turned.SelectFromPair(1, 3, turned)).Max(least).Min(most)
			shifted := c.Add(magic)
			s := unsafe.Add(series, int(shifted.AsInt64x2().GetElem(0)&(1<<7-1))*int(unsafe.Sizeof(terms{})))
			u := c.Sub(shifted.Sub(magic))
			u2 := u.Mul(u)
			u4 := u2.Mul(u2)
			ab, cd := at(s, 1).MulAdd(u, at(s, 0)), at(s, 3).MulAdd(u, at(s, 2))
			ef, gh := at(s, 5).MulAdd(u, at(s, 4)), at(s, 7).MulAdd(u, at(s, 6))
			half := gh.MulAdd(u2, ef).MulAdd(u4, cd.MulAdd(u2, ab))
			length = half.SelectFromPair(1, 3, half).MulAdd(u4.Mul(u4), half.SelectFromPair(0, 2, half))
		}
		length = length.Min(high).Max(low)
		t = length.MulAdd(ofLength, oldTuning)
		length = length.MulAdd(fifth, old)
		length.Store((*[2]float64)(unsafe.Add(pp, 8*i)))
	}
	p.tuning, p.period = t.GetElem(0), length.GetElem(0)
	now.Store(&p.now)
	turned.Store(&p.turned)
	for k := range n {
		d[9+k], q[6+k] = room.d[9+k][0], room.q[6+k][0]
	}
	return n
}
