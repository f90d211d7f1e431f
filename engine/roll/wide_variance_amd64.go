//go:build goexperiment.simd

package roll

import (
	"math"
	"unsafe"
)

// mergeVectors is merge.
func mergeVectors(am, aq, bm, bq, wm, wq vector) (m, q vector) {
	d := bm.Sub(am)
	return d.MulAdd(wm, am), d.Mul(wq).MulAdd(d, aq.Add(bq))
}

// mergePair is merge of two values with no distances.
func mergePair(a, b, half vector) (m, q vector) {
	d := b.Sub(a)
	return d.MulAdd(half, a), d.Mul(half).Mul(d)
}

func mergeEightWide(mean, ssd []float64, m, q *octet, size float64) int {
	n := steps(len(mean))
	if n == 0 {
		return 0
	}
	pm, pq, cm, cq := base(mean), base(ssd[:n]), m.base(n), q.base(n)
	half, k1, k2, k4 := all(0.5), all(size/2), all(size), all(2*size)
	for i := 0; i < n; i += lanes {
		m6, q6 := mergeVectors(load(cm[1], i), load(cq[1], i), load(cm[0], i), load(cq[0], i), half, k1)
		m4, q4 := mergeVectors(load(cm[3], i), load(cq[3], i), load(cm[2], i), load(cq[2], i), half, k1)
		fm4, fq4 := mergeVectors(m4, q4, m6, q6, half, k2)
		m2, q2 := mergeVectors(load(cm[5], i), load(cq[5], i), load(cm[4], i), load(cq[4], i), half, k1)
		m0, q0 := mergeVectors(load(cm[7], i), load(cq[7], i), load(cm[6], i), load(cq[6], i), half, k1)
		fm, fq := mergeVectors(m0, q0, m2, q2, half, k2)
		vm, vq := mergeVectors(fm, fq, fm4, fq4, half, k4)
		vm.Store(at(pm, i))
		vq.Store(at(pq, i))
	}
	done()
	return n
}

// allWeights is weights, in every lane.
func allWeights(a, b int) (wm, wq vector) {
	wm = allWhole(b).Div(allWhole(a + b))
	return wm, wm.Mul(allWhole(a))
}

// rooted is what spread takes, in every lane.
type rooted struct{ minus, inv vector }

func newRooted(d float64) rooted { return rooted{all(-d), all(1 / d)} }

func (r rooted) of(q vector) vector {
	y := q.Mul(r.inv)
	return y.MulAdd(r.minus, q).MulAdd(r.inv, y).Sqrt()
}

// mergeFootWide makes its two results one after the other, as weighFootWide
// does, unless the rest is met on the way to eight.
func mergeFootWide(x, mean, ssd, eightM, eightQ []float64, r int) (n int, sum float64) {
	if n = steps(len(mean)); n == 0 {
		return 0, 0
	}
	var sums [lanes]float64
	p, pm, pq := unsafe.Add(base(x[:n+footing]), footing*8), base(mean), base(ssd[:n])
	mergeEights(p, eightM[:n], eightQ[:n], pm, pq, r, &sums)
	if r == 0 || r == 4 {
		return n, sums[0] + sums[1] + sums[2] + sums[3]
	}
	single, half, one := unsafe.Add(p, -8*(r&6)), all(0.5), all(1)
	um2, uq2 := mergePair(load(p, -4), load(p, -5), half)
	pairM, pairQ := allWeights(r&4, 2)
	oneM, oneQ := allWeights(r&6, 1)
	for i := n; ; {
		m2, q2 := mergePair(load(p, 0), load(p, -1), half)
		m, q := m2, q2
		if r&4 != 0 {
			m, q = mergeVectors(m2, q2, um2.Select128FromPair(1, 2, m2), uq2.Select128FromPair(1, 2, q2), half, one)
			if r&2 != 0 {
				m, q = mergeVectors(m, q, um2, uq2, pairM, pairQ)
			}
		}
		if r == 1 {
			m, q = load(p, 0), zeros()
		} else if r&1 != 0 {
			d := load(single, 0).Sub(m)
			m, q = d.MulAdd(oneM, m), d.Mul(oneQ).MulAdd(d, q)
		}
		m.Store(at(pm, 0))
		q.Store(at(pq, 0))
		if i -= lanes; i == 0 {
			break
		}
		um2, uq2 = m2, q2
		p, single = unsafe.Add(p, lanes*8), unsafe.Add(single, lanes*8)
		pm, pq = unsafe.Add(pm, lanes*8), unsafe.Add(pq, lanes*8)
	}
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}

// mergeEights is mergeFootWide's first half: the eights, and a rest of four.
func mergeEights(p unsafe.Pointer, eightM, eightQ []float64, pm4, pq4 unsafe.Pointer, r int, sums *[lanes]float64) {
	half, one, two, seen := all(0.5), all(1), all(2), zeros()
	um2, uq2 := mergePair(load(p, -4), load(p, -5), half)
	vm2, vq2 := mergePair(load(p, -6), load(p, -7), half)
	um4, uq4 := mergeVectors(um2, uq2, vm2, vq2, half, one)
	pm, pq := base(eightM), base(eightQ)
	for i := len(eightM); ; {
		d := load(p, -1).Sub(load(p, 0))
		m2, q2 := d.MulAdd(half, load(p, 0)), d.Mul(half).Mul(d)
		d = um2.Select128FromPair(1, 2, m2).Sub(m2)
		m4, q4 := d.MulAdd(half, m2), d.Mul(one).MulAdd(d, uq2.Select128FromPair(1, 2, q2).Add(q2))
		d = um4.Sub(m4)
		m8, q8 := d.MulAdd(half, m4), d.Mul(two).MulAdd(d, uq4.Add(q4))
		seen = seen.Add(m8)
		m8.Store(at(pm, 0))
		q8.Store(at(pq, 0))
		if r == 4 {
			m4.Store(at(pm4, 0))
			q4.Store(at(pq4, 0))
		}
		if i -= lanes; i == 0 {
			seen.Store(sums)
			done()
			return
		}
		um2, uq2, um4, uq4 = m2, q2, m4, q4
		p, pm, pq = unsafe.Add(p, lanes*8), unsafe.Add(pm, lanes*8), unsafe.Add(pq, lanes*8)
		pm4, pq4 = unsafe.Add(pm4, lanes*8), unsafe.Add(pq4, lanes*8)
	}
}

func varyFewWide(x, mean, ssd []float64, count int, d float64) (n int, sum float64) {
	if n = strides(len(mean)); n == 0 {
		return 0, 0
	}
	var sums [lanes]float64
	roots := math.Float64bits(d) != 0 // d > 0 would set a register the old way
	seen := zeros()
	p, pm, pq := unsafe.Add(base(x[:n+footing]), footing*8), base(mean), base(ssd[:n])
	inv, root, zero := all(1/float64(count)), newRooted(d), zeros()
	for i := n; ; {
		newest, newest4 := load(p, 0), load(p, lanes)
		seen = seen.Add(newest.Add(newest4))
		s, t, q, r := zero, zero, zero, zero
		if count > 1 {
			s, q = sumSquare(load(p, -1).Sub(newest), s, q)
			t, r = sumSquare(load(p, lanes-1).Sub(newest4), t, r)
		}
		if count > 2 {
			s, q = sumSquare(load(p, -2).Sub(newest), s, q)
			t, r = sumSquare(load(p, lanes-2).Sub(newest4), t, r)
		}
		if count > 3 {
			s, q = sumSquare(load(p, -3).Sub(newest), s, q)
			t, r = sumSquare(load(p, lanes-3).Sub(newest4), t, r)
		}
		if count > 4 {
			s, q = sumSquare(load(p, -4).Sub(newest), s, q)
			t, r = sumSquare(newest.Sub(newest4), t, r)
		}
		if count > 5 {
			s, q = sumSquare(load(p, -5).Sub(newest), s, q)
			t, r = sumSquare(load(p, lanes-5).Sub(newest4), t, r)
		}
		if count > 6 {
			s, q = sumSquare(load(p, -6).Sub(newest), s, q)
			t, r = sumSquare(load(p, lanes-6).Sub(newest4), t, r)
		}
		m, k := s.Mul(inv), t.Mul(inv)
		q, r = zero.Sub(m).MulAdd(s, q).Max(zero), zero.Sub(k).MulAdd(t, r).Max(zero)
		if roots {
			q, r = root.of(q), root.of(r)
		}
		store(pm, 0, newest.Add(m))
		store(pm, lanes, newest4.Add(k))
		q.Store(at(pq, 0))
		r.Store(at(pq, lanes))
		if i -= 2 * lanes; i == 0 {
			break
		}
		p, pm, pq = unsafe.Add(p, stride), unsafe.Add(pm, stride), unsafe.Add(pq, stride)
	}
	seen.Store(&sums)
	done()
	return n, sums[0] + sums[1] + sums[2] + sums[3]
}

// sumSquare adds x to a sum and its square to one of squares.
func sumSquare(x, s, q vector) (vector, vector) { return s.Add(x), x.MulAdd(x, q) }

// mergeAllWide merges eight bars at once, so that what a part costs by itself is
// shared by more of them.
func mergeAllWide(mean, ssd []float64, parts []sampled, d float64) int {
	n := strides(len(mean))
	if n == 0 {
		return 0
	}
	for k := range parts {
		_, _ = parts[k].mean[:n], parts[k].ssd[:n]
	}
	roots := math.Float64bits(d) != 0 // d > 0 would set a register the old way
	firstM, firstQ, rest := base(parts[0].mean), base(parts[0].ssd), parts[1:]
	pm, pq, root := base(mean), base(ssd[:n]), newRooted(d)
	for i := 0; i < n; i += 2 * lanes {
		sm, tm := load(firstM, i), load(firstM, i+lanes)
		sq, tq := load(firstQ, i), load(firstQ, i+lanes)
		for k := range rest {
			r := &rest[k]
			wm, wq := r.wm.vector(), r.wq.vector()
			m, q := unsafe.Add(base(r.mean), i*8), unsafe.Add(base(r.ssd), i*8)
			d, e := load(m, 0).Sub(sm), load(m, lanes).Sub(tm)
			sm, sq = d.MulAdd(wm, sm), d.Mul(wq).MulAdd(d, sq.Add(load(q, 0)))
			tm, tq = e.MulAdd(wm, tm), e.Mul(wq).MulAdd(e, tq.Add(load(q, lanes)))
		}
		if roots {
			sq, tq = root.of(sq), root.of(tq)
		}
		sm.Store(at(pm, i))
		tm.Store(at(pm, i+lanes))
		sq.Store(at(pq, i))
		tq.Store(at(pq, i+lanes))
	}
	done()
	return n
}
