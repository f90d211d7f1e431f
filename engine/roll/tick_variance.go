package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// samples are the last eight values while they come one by one, and their pairs and
// fours, which a ladder's foot would make anew for each of them.
type samples struct {
	i            int
	one          [8]float64
	pairM, pairQ [8]float64
	fourM, fourQ [8]float64
}

// Single implements ta.Ticker.
func (v *Variance) Single() {
	if v.tap == nil {
		means, ssds := v.taps(0), v.taps(1)
		for i := range means {
			v.tap = append(v.tap, means[i], ssds[i])
		}
		v.pairW, v.pairV = weights(v.rest&4, 2)
		v.oneW, v.oneV = weights(v.rest&6, 1)
	}
	v.i = 0
	for k := range footing {
		v.one[footing-1-k] = v.x.at(k)
	}
	for i := 1; i < footing; i++ {
		v.pair(i, v.one[i], v.one[i-1])
	}
	for i := 3; i < footing; i++ {
		v.four(i)
	}
	v.i = footing
}

// Columns implements ta.Ticker.
func (v *Variance) Columns() {
	for i := v.i - footing; i < v.i; i++ {
		v.x.put(v.one[i&7])
	}
}

// pair puts the newer of two values and the older one together.
func (v *Variance) pair(i int, newer, older float64) (m, q float64) {
	m, q = merge(newer, 0, older, 0, 0.5, 0.5)
	v.pairM[i&7], v.pairQ[i&7] = m, q
	return m, q
}

// four puts the last two pairs of value i together.
func (v *Variance) four(i int) (m, q float64) {
	m, q = merge(v.pairM[i&7], v.pairQ[i&7], v.pairM[(i-2)&7], v.pairQ[(i-2)&7], 0.5, 1)
	v.fourM[i&7], v.fourQ[i&7] = m, q
	return m, q
}

// merged is Tick of a window of pieces.
func (v *Variance) merged(x float64) (mean, ssd float64) {
	i := v.i
	v.i = i + 1
	v.one[i&7] = x
	m, q := v.pair(i, x, v.one[(i-1)&7])
	fm, fq := v.four(i)
	em, eq := merge(fm, fq, v.fourM[(i-4)&7], v.fourQ[(i-4)&7], 0.5, 2)
	v.rungs[0][0].put(em)
	v.rungs[0][1].put(eq)
	if len(v.rungs) > 1 {
		v.climb()
	}
	switch v.rest & 6 {
	case 4:
		m, q = fm, fq
	case 6:
		m, q = merge(fm, fq, v.pairM[(i-4)&7], v.pairQ[(i-4)&7], v.pairW, v.pairV)
	}
	switch {
	case v.rest == 1:
		m, q = x, 0
	case v.rest&1 != 0:
		m, q = merge(m, q, v.one[(i-v.rest&6)&7], 0, v.oneW, v.oneV)
	}
	tap, parts := v.tap, v.parts
	if v.rest == 0 {
		m, q = tap[0].at(tap[0].back), tap[1].at(tap[1].back)
		tap = tap[2:]
	}
	for k := range parts[1:] {
		p := &parts[k+1]
		m, q = merge(m, q, tap[2*k].at(tap[2*k].back), tap[2*k+1].at(tap[2*k+1].back), p.wm[0], p.wq[0])
	}
	return m, q
}

// climb makes the rungs above the first for one value.
func (v *Variance) climb() {
	for k := 1; k < len(v.rungs); k++ {
		means, ssds, size := &v.rungs[k-1][0], &v.rungs[k-1][1], 1<<(3*k)
		h := float64(size)
		pair := func(i int) (float64, float64) {
			older, newer := (7-i)*size, (6-i)*size
			return merge(means.at(newer), ssds.at(newer), means.at(older), ssds.at(older), 0.5, h/2)
		}
		m6, q6 := pair(0)
		m4, q4 := pair(2)
		m2, q2 := pair(4)
		m0, q0 := pair(6)
		fm4, fq4 := merge(m4, q4, m6, q6, 0.5, h)
		fm, fq := merge(m0, q0, m2, q2, 0.5, h)
		m, q := merge(fm, fq, fm4, fq4, 0.5, 2*h)
		v.rungs[k][0].put(m)
		v.rungs[k][1].put(q)
	}
}

// Tick is Next for one value.
func (d *Deviation) Tick(x float64) (mean, deviation float64) {
	if len(d.plan) > 0 {
		m, q := d.merged(x)
		return m, math.Sqrt(d.quotient.of(twice(q)).GetElem(0))
	}
	m, square := d.few(x)
	return m.GetElem(0), math.Sqrt(square.GetElem(0))
}

// few is the mean and the square of the deviation of a window without pieces, as
// vary has them.
func (d *Deviation) few(x float64) (mean, square Two) {
	newest := twice(x)
	i := d.i
	d.i = i + 1
	var s, q Two
	for k, first := i-1, i-d.n; k > first; k-- {
		apart := twice(d.one[k&7]).Sub(newest)
		s, q = s.Add(apart), apart.MulAdd(apart, q)
	}
	d.one[i&7] = x
	down := s.Mul(d.minusPart)
	return newest.Sub(down), d.quotient.of(down.MulAdd(s, q).Max(Two{}))
}

// Ready implements ta.Ticker.
func (d *Deviation) Ready() bool { return paired() && d.Variance.Ready() }

// Single implements ta.Ticker.
func (d *Deviation) Single() {
	d.Variance.Single()
	d.quotient, d.minusPart = quotientBy(float64(d.n)), twice(-1/float64(d.n))
}

// Tick implements ta.Series.
func (s *Spread) Tick(x float64) float64 {
	_, deviation := s.Deviation.Tick(x)
	return deviation * s.times
}

// brief is a Spread of a window without pieces: its tick calls nothing, and so
// needs no frame, which would take as long as one of the values.
type brief struct{ *Spread }

// ownTick implements own. It is not to be in line, as that of Sum.
//
//go:noinline
func (b brief) ownTick() ta.Tick {
	return func(x, _, _, _ float64) (deviation, _, _ float64) {
		if ta.Hole(x) {
			return ta.NoValues()
		}
		_, square := b.few(x)
		return math.Sqrt(square.GetElem(0)) * b.times, 0, 0
	}
}
