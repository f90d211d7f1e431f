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
type hull struct {
	half, full, smooth *Weighted
	fast, slow         [ta.Tile]float64
}

func newHull(n int) *hull {
	return &hull{half: NewWMA(n / 2), full: NewWMA(n), smooth: NewWMA(isqrt(n))}
}

func (h *hull) Next(x, out []float64) int {
	fast, slow := h.fast[:len(x)], h.slow[:len(x)]
	h.half.Next(x, fast)
	lead := h.full.Next(x, slow)
	Add(fast[lead:], fast[lead:], fast[lead:])
	Sub(fast[lead:], fast[lead:], slow[lead:])
	lead += h.smooth.Next(fast[lead:], out[lead:])
	Blank(lead, out)
	return lead
}

func (h *hull) AppendState(b []byte) []byte { return appendStates(b, h.half, h.full, h.smooth) }
func (h *hull) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, h.half, h.full, h.smooth)
}

// isqrt is the root of n, rounded down.
func isqrt(n int) int { return int(math.Sqrt(float64(n))) }
