//go:build goexperiment.simd

package roll

import "simd/archsimd"

// twoOf is a vector of two values. It is made in registers: what is stored in
// halves cannot be loaded as a whole at once.
func twoOf(x, z float64) pair {
	return archsimd.BroadcastFloat64x2(x).SelectFromPair(0, 2, archsimd.BroadcastFloat64x2(z))
}

func loadTwo(b *both) pair { return archsimd.LoadFloat64x2((*[2]float64)(b)) }

// tick takes a value for each and returns their results, which are kept: the two
// of them are in the lanes of a vector.
func (p *pulse) tick(x, z float64) *both {
	if !wide {
		return p.tickEach(x, z)
	}
	return &p.beat(twoOf(x, z)).y
}

// beat is tickEach of two lanes.
func (p *pulse) beat(v pair) *beat {
	b := p.last()
	p.i++
	u := loadTwo(&b[look-1].x).MulAdd(loadTwo(&p.ab), v.Mul(loadTwo(&p.a)))
	f := loadTwo(&b[look-2].u).MulAdd(loadTwo(&p.b2), u)
	y := loadTwo(&b[0].y).MulAdd(loadTwo(&p.b8), loadTwo(&b[look-4].f).MulAdd(loadTwo(&p.b4), f))
	v.Store((*[2]float64)(&b[look].x))
	u.Store((*[2]float64)(&b[look].u))
	f.Store((*[2]float64)(&b[look].f))
	y.Store((*[2]float64)(&b[look].y))
	return &b[look]
}
