package roll

import "math"

// Single implements ta.Ticker.
func (w *Weighted) Single() {
	if w.tap == nil {
		sums, weighted := w.taps(0), w.taps(1)
		for i := range sums {
			w.tap = append(w.tap, weighted[i], sums[i])
		}
		// The first weights are those of the foot.
		w.tap = w.tap[:max(0, min(len(w.tap), len(w.weights)-w.feet()))]
	}
	w.inv = 1 / w.divisor
}

// feet is how many columns of a window are not pieces.
func (w *Weighted) feet() int { return w.rest - w.fours/2 }

// Tick is Next for one value.
func (w *Weighted) Tick(x float64) float64 {
	w.x.put(x)
	v := w.x.window8()
	t, weights := 0.0, w.weights
	if len(w.rungs) > 0 {
		s2, w2 := weigh(v[4], v[4], v[5], v[5], 1)
		s, ws := weigh(v[6], v[6], v[7], v[7], 1)
		s, ws = weigh(s2, w2, s, ws, 2)
		if w.fours > 0 {
			t = math.FMA(s, weights[1][0], math.FMA(ws, weights[0][0], 0))
			weights = weights[2:]
		}
		s6, w6 := weigh(v[0], v[0], v[1], v[1], 1)
		s2, w2 = weigh(v[2], v[2], v[3], v[3], 1)
		s2, w2 = weigh(s6, w6, s2, w2, 2)
		s, ws = weigh(s2, w2, s, ws, 4)
		w.rungs[0][0].put(s)
		w.rungs[0][1].put(ws)
		if len(w.rungs) > 1 {
			w.climb()
		}
	}
	feet := min(w.rest-w.fours, len(weights)) // the oldest one may weigh nothing
	for k := range feet {
		t = math.FMA(v[(footing-w.fours-k)&footing], weights[k][0], t)
	}
	weights = weights[feet:]
	for i := range w.tap {
		t = math.FMA(w.tap[i].at(w.tap[i].back), weights[i][0], t)
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
