//go:build goexperiment.simd

package roll

import "simd/archsimd"

// tick takes a value for each and returns their results, which are kept: the two
// of them are in the lanes of a vector.
func (p *pulse) tick(x, z float64) *both {
	if !wide {
		return p.tickEach(x, z)
	}
	load := func(b *both) pair { return archsimd.LoadFloat64x2((*[2]float64)(b)) }
	if p.i >= beats {
		p.again()
	}
	b := (*[look + 1]beat)(p.row[p.i : p.i+look+1])
	p.i++
	// In registers: what was stored in halves cannot be loaded as a whole at once.
	v := archsimd.BroadcastFloat64x2(x).SelectFromPair(0, 2, archsimd.BroadcastFloat64x2(z))
	u := load(&b[look-1].x).MulAdd(load(&p.ab), v.Mul(load(&p.a)))
	f := load(&b[look-2].u).MulAdd(load(&p.b2), u)
	y := load(&b[0].y).MulAdd(load(&p.b8), load(&b[look-4].f).MulAdd(load(&p.b4), f))
	v.Store((*[2]float64)(&b[look].x))
	u.Store((*[2]float64)(&b[look].u))
	f.Store((*[2]float64)(&b[look].f))
	y.Store((*[2]float64)(&b[look].y))
	return &b[look].y
}
