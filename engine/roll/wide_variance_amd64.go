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

// mergeFootWide makes its two results one after the other, as weighFootWide does.
func mergeFootWide(x, mean, ssd, eightM, eightQ []float64, r int) int {
	n := steps(len(mean))
	if n == 0 {
		return 0
	}
	p := unsafe.Add(base(x[:n+footing]), footing*8)
	before, single := unsafe.Add(p, -8), unsafe.Add(p, -8*(r&6))
	half, one := all(0.5), all(1)
	um2, uq2 := mergePair(load(p, -4), load(p, -5), half)
	if len(eightM) > 0 {
		pm, pq, two := base(eightM[:n]), base(eightQ[:n]), all(2)
		um2, uq2 := um2, uq2
		vm2, vq2 := mergePair(load(p, -6), load(p, -7), half)
		um4, uq4 := mergeVectors(um2, uq2, vm2, vq2, half, one)
		for i := 0; i < n; i += lanes {
			m2, q2 := mergePair(load(p, i), load(before, i), half)
			m4, q4 := mergeVectors(m2, q2, earlier(um2, m2), earlier(uq2, q2), half, one)
			m8, q8 := mergeVectors(m4, q4, um4, uq4, half, two)
			store(pm, i, m8)
			store(pq, i, q8)
			um2, uq2, um4, uq4 = m2, q2, m4, q4
		}
	}
	if r == 0 {
		done()
		return n
	}
	pm, pq := base(mean), base(ssd[:n])
	wm, wq := weights(r&4, 2)
	pairM, pairQ := all(wm), all(wq)
	wm, wq = weights(r&6, 1)
	oneM, oneQ := all(wm), all(wq)
	for i := 0; i < n; i += lanes {
		m2, q2 := mergePair(load(p, i), load(before, i), half)
		m, q := m2, q2
		if r&4 != 0 {
			m, q = mergeVectors(m2, q2, earlier(um2, m2), earlier(uq2, q2), half, one)
			if r&2 != 0 {
				m, q = mergeVectors(m, q, um2, uq2, pairM, pairQ)
			}
		}
		if r == 1 {
			m, q = load(p, i), zeros()
		} else if r&1 != 0 {
			d := load(single, i).Sub(m)
			m, q = d.MulAdd(oneM, m), d.Mul(oneQ).MulAdd(d, q)
		}
		store(pm, i, m)
		store(pq, i, q)
		um2, uq2 = m2, q2
	}
	done()
	return n
}

func mergeAllWide(mean, ssd []float64, parts []sampled) int {
	n := steps(len(mean))
	if n == 0 {
		return 0
	}
	for k := range parts {
		_, _ = parts[k].mean[:n], parts[k].ssd[:n]
	}
	firstM, firstQ, rest := base(parts[0].mean), base(parts[0].ssd), parts[1:]
	pm, pq := base(mean), base(ssd[:n])
	for i := 0; i < n; i += lanes {
		m, q := load(firstM, i), load(firstQ, i)
		for k := range rest {
			r := &rest[k]
			m, q = mergeVectors(m, q, load(base(r.mean), i), load(base(r.ssd), i), r.wm.vector(), r.wq.vector())
		}
		store(pm, i, m)
		store(pq, i, q)
	}
	done()
	return n
}
