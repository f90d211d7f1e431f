//go:build goexperiment.simd

package roll

import "simd/archsimd"

// Tick is Next for one value.
func (e *Extremum) Tick(x float64) float64 {
	if !wide {
		return e.tickEach(both{x})[0]
	}
	var t both
	e.tick(archsimd.BroadcastFloat64x2(x)).Store((*[2]float64)(&t))
	return t[0]
}

// Tick is Next for one bar.
func (r *Range) Tick(high, low float64) (top, bottom float64) {
	var t both
	if wide {
		r.tick(twoOf(high, low)).Store((*[2]float64)(&t))
	} else {
		t = r.tickEach(both{high, low})
	}
	return t[0], t[1]
}

// tick is tickEach of two lanes.
func (c *crest) tick(x pair) pair {
	sign, i := loadTwo(&c.sign), c.next
	x = x.Mul(sign)
	x.Store((*[2]float64)(&c.values[i]))
	top := loadTwo(&c.top).Max(x)
	i++
	t := loadTwo(&c.ends[i]).Max(top)
	top.Store((*[2]float64)(&c.top))
	if c.next = i; i == len(c.values) {
		c.foldWide()
	}
	var zero pair
	return t.Mul(sign).Add(zero)
}

// foldWide is fold of two lanes.
//
//go:noinline
func (c *crest) foldWide() {
	c.next, c.top, c.full = 0, both{-inf, -inf}, true
	t, ends := loadTwo(&c.top), c.ends[:len(c.values)]
	for i := len(c.values) - 1; i >= 0; i-- {
		t = t.Max(loadTwo(&c.values[i]))
		t.Store((*[2]float64)(&ends[i]))
	}
}
