package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// trima is the triangular moving average, whose weights rise to the middle of
// the window and fall again: a sum of sums.
type trima struct {
	inner, outer *Sum
	mid          [ta.Tile]float64
}

func newTrima(n int) *trima {
	inner, outer := NewSum((n+1)/2), NewSum(n/2+1)
	outer.divisor = float64(inner.n) * float64(outer.n)
	return &trima{inner: inner, outer: outer}
}

func (t *trima) Next(x, out []float64) int {
	mid := t.mid[:len(x)]
	lead := t.inner.Next(x, mid)
	lead += t.outer.Next(mid[lead:], out[lead:])
	Blank(lead, out)
	return lead
}

func (t *trima) AppendState(b []byte) []byte { return appendStates(b, t.inner, t.outer) }
func (t *trima) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, t.inner, t.outer)
}

// hull is Hull's moving average (2005): a weighted average over √n of twice the
// weighted average over n/2 less the one over n.
//
// A weighted average over n values is (n−1)/6 of the slope above their mean, and a
// Trend has both without the rounding of the level, which twice an average less
// another would multiply.
type hull struct {
	half, full     *Trend // half is nil over one value
	smooth         *Weighted
	fast, slow, up [ta.Tile]float64
}

func newHull(n int) *hull {
	h := &hull{full: NewTrend(n), smooth: NewWMA(isqrt(n))}
	if n/2 > 1 {
		h.half = NewTrend(n / 2)
	}
	return h
}

func (h *hull) Next(x, out []float64) int {
	m := len(x)
	fast, slow, up := h.fast[:m], h.slow[:m], h.up[:m]
	clear(fast)
	if h.half != nil {
		h.half.Next(x, fast, up)
		MulAdd(fast, up, float64(h.half.n-1)/6, fast)
	}
	lead := h.full.Next(x, slow, up)
	MulAdd(slow, up, float64(h.full.n-1)/6, slow)
	Add(fast[lead:], fast[lead:], fast[lead:])
	Sub(fast[lead:], fast[lead:], slow[lead:])
	Add(fast[lead:], fast[lead:], x[lead:])
	lead += h.smooth.Next(fast[lead:], out[lead:])
	Blank(lead, out)
	return lead
}

func (h *hull) parts() []ta.State {
	if h.half == nil {
		return []ta.State{h.full, h.smooth}
	}
	return []ta.State{h.half, h.full, h.smooth}
}

func (h *hull) AppendState(b []byte) []byte          { return appendStates(b, h.parts()...) }
func (h *hull) Restore(state []byte) ([]byte, error) { return restoreStates(state, h.parts()...) }

// isqrt is the root of n, rounded down.
func isqrt(n int) int { return int(math.Sqrt(float64(n))) }
