//go:build goexperiment.simd

package roll

import "unsafe"

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
		store(pm, i, vm)
		store(pq, i, vq)
	}
	done()
	return n
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
func mergeFootWide(x, mean, ssd, eightM, eightQ []float64, r int, d float64) int {
	n := steps(len(mean))
	if n == 0 {
		return 0
	}
	p, pm, pq := unsafe.Add(base(x[:n+footing]), footing*8), base(mean), base(ssd[:n])
	half, one := all(0.5), all(1)
	um2, uq2 := mergePair(load(p, -4), load(p, -5), half)
	if len(eightM) > 0 {
		p, pm8, pq8, two := p, base(eightM[:n]), base(eightQ[:n]), all(2)
		um2, uq2 := um2, uq2
		vm2, vq2 := mergePair(load(p, -6), load(p, -7), half)
		um4, uq4 := mergeVectors(um2, uq2, vm2, vq2, half, one)
		for i := n; ; {
			m2, q2 := mergePair(load(p, 0), load(p, -1), half)
			m4, q4 := mergeVectors(m2, q2, earlier(um2, m2), earlier(uq2, q2), half, one)
			m8, q8 := mergeVectors(m4, q4, um4, uq4, half, two)
			store(pm8, 0, m8)
			store(pq8, 0, q8)
			if r == 4 {
				store(pm, 0, m4)
				store(pq, 0, q4)
			}
			if i -= lanes; i == 0 {
				break
			}
			um2, uq2, um4, uq4 = m2, q2, m4, q4
			p, pm8, pq8 = unsafe.Add(p, lanes*8), unsafe.Add(pm8, lanes*8), unsafe.Add(pq8, lanes*8)
			pm, pq = unsafe.Add(pm, lanes*8), unsafe.Add(pq, lanes*8)
		}
		if r == 0 || r == 4 {
			done()
			return n
		}
		pm, pq = base(mean), base(ssd)
	}
	single := unsafe.Add(p, -8*(r&6))
	wm, wq := weights(r&4, 2)
	pairM, pairQ := all(wm), all(wq)
	wm, wq = weights(r&6, 1)
	oneM, oneQ, root := all(wm), all(wq), newRooted(d)
	for i := n; ; {
		m2, q2 := mergePair(load(p, 0), load(p, -1), half)
		m, q := m2, q2
		if r&4 != 0 {
			m, q = mergeVectors(m2, q2, earlier(um2, m2), earlier(uq2, q2), half, one)
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
		if d > 0 {
			q = root.of(q)
		}
		store(pm, 0, m)
		store(pq, 0, q)
		if i -= lanes; i == 0 {
			break
		}
		um2, uq2 = m2, q2
		p, single = unsafe.Add(p, lanes*8), unsafe.Add(single, lanes*8)
		pm, pq = unsafe.Add(pm, lanes*8), unsafe.Add(pq, lanes*8)
	}
	done()
	return n
}

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
	firstM, firstQ, rest := base(parts[0].mean), base(parts[0].ssd), parts[1:]
	pm, pq, root := base(mean), base(ssd[:n]), newRooted(d)
	for i := 0; i < n; i += 2 * lanes {
		sm, tm := load(firstM, i), load(firstM, i+lanes)
		sq, tq := load(firstQ, i), load(firstQ, i+lanes)
		for k := range rest {
			r := &rest[k]
			wm, wq := r.wm.vector(), r.wq.vector()
			sm, sq = mergeVectors(sm, sq, load(base(r.mean), i), load(base(r.ssd), i), wm, wq)
			tm, tq = mergeVectors(tm, tq, load(base(r.mean), i+lanes), load(base(r.ssd), i+lanes), wm, wq)
		}
		if d > 0 {
			sq, tq = root.of(sq), root.of(tq)
		}
		store(pm, i, sm)
		store(pm, i+lanes, tm)
		store(pq, i, sq)
		store(pq, i+lanes, tq)
	}
	done()
	return n
}
