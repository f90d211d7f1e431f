package roll

import "math"

// Single implements ta.Ticker.
func (w *Weighted) Single() {
	if w.tap == nil {
		sums, weighted := w.taps(0), w.taps(1)
		for i := range sums {
			w.tap = append(w.tap, weighted[i], sums[i])
		}
		w.tap = w.tap[:len(w.weights)]
	}
	w.inv = 1 / w.divisor
}

// Tick is Next for one value.
func (w *Weighted) Tick(x float64) float64 {
	w.x.put(x)
	v := w.x.window8()
	s4, w4, s8, w8 := weighLast(v[:])
	t := restOf(v[:], s4, w4, w.rest, w.nearest)
	if len(w.rungs) > 0 {
		w.rungs[0][0].put(s8)
		w.rungs[0][1].put(w8)
		if len(w.rungs) > 1 {
			w.climb()
		}
	}
	for i := range w.tap {
		t = math.FMA(w.tap[i].at(w.tap[i].back), w.weights[i][0], t)
	}
	return divided(t, w.divisor, w.inv)
}

// climb makes the rungs above the first for one value.
func (w *Weighted) climb() {
	for k := 1; k < len(w.rungs); k++ {
		sums, weighted, size := &w.rungs[k-1][0], &w.rungs[k-1][1], 1<<(3*k)
		h := float64(size)
		pair := func(i int) (float64, float64) {
			older, newer := (7-i)*size, (6-i)*size
			return weigh(sums.at(older), weighted.at(older), sums.at(newer), weighted.at(newer), h)
		}
		s6, w6 := pair(0)
		s4, w4 := pair(2)
		s2, w2 := pair(4)
		s0, w0 := pair(6)
		fs4, fw4 := weigh(s6, w6, s4, w4, 2*h)
		fs, fw := weigh(s2, w2, s0, w0, 2*h)
		s, ws := weigh(fs4, fw4, fs, fw, 4*h)
		w.rungs[k][0].put(s)
		w.rungs[k][1].put(ws)
	}
}
