//go:build goexperiment.simd

package roll

import "unsafe"

// fadeWide leaves the last results in y.
func fadeWide(out, keep, add []float64, y *[lanes]float64) int {
	n := steps(len(out))
	if n == 0 {
		return 0
	}
	q, k, a := base(out), unsafe.Add(base(keep[:n+lanes]), lanes*8), unsafe.Add(base(add[:n+lanes]), lanes*8)
	kBefore, aBefore := unsafe.Add(k, -8), unsafe.Add(a, -8)
	// Of the four bars before, only the last two of these take part; the oldest
	// is made of itself, as nothing is kept of the bar before it.
	var older [2][lanes]float64
	copy(older[0][1:], keep)
	copy(older[1][1:], add)
	last, w, v := load(unsafe.Pointer(y), 0), load(k, -lanes), load(a, -lanes)
	uk, ua := w.Mul(load(unsafe.Pointer(&older[0]), 0)), w.MulAdd(load(unsafe.Pointer(&older[1]), 0), v)
	for i := 0; i < n; i += lanes {
		w, v := load(k, i), load(a, i)
		k2, a2 := w.Mul(load(kBefore, i)), w.MulAdd(load(aBefore, i), v)
		last = k2.Mul(uk.Select128FromPair(1, 2, k2)).MulAdd(last, k2.MulAdd(ua.Select128FromPair(1, 2, a2), a2))
		last.Store(at(q, i))
		uk, ua = k2, a2
	}
	last.Store(y)
	done()
	return n
}
