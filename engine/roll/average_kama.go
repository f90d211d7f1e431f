package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// kama is Kaufman's adaptive moving average (Trading Systems and Methods,
// 1995): an exponential average whose weight runs from that of 30 bars to that
// of 2 with the efficiency of the last n bars, the whole move divided by the
// sum of the single ones. It starts from the price before its first result.
type kama struct {
	n     int
	past  track // the last n prices
	noise *Sum  // of the n single moves
	fade  *fading
	count
	move [ta.Tile]float64
}

// The weights of the slowest and the fastest average.
const (
	slowest = 2.0 / (30 + 1)
	fastest = 2.0 / (2 + 1)
)

func newKama(n int) *kama {
	return &kama{n: n, past: newTrack(n), noise: NewSum(n), fade: newFading(), count: count{n}}
}

func (k *kama) Next(x, out []float64) int {
	w := k.steps(x)
	k.noise.Next(k.move[:len(x)], out)
	return k.follow(w, x, out)
}

// Watch is Next for values that may have holes: it returns false, with k as it was,
// where it met one, or cannot tell. A move to or from a hole is none: one of the two
// is seen even where the hole is the first bar or the last.
func (k *kama) Watch(x, out []float64) bool {
	w := k.steps(x)
	if !k.noise.Watch(k.move[:len(x)], out) {
		k.past.drop(len(x))
		return false
	}
	k.follow(w, x, out)
	return true
}

// steps sets move and returns the prices with the n before them.
func (k *kama) steps(x []float64) []float64 {
	m := len(x)
	w := k.past.push(x)
	Apart(k.move[:m], x, w[k.n-1:k.n-1+m])
	if m > 0 && k.missing == k.n {
		k.move[0] = 0 // nothing is before the first bar
	}
	return w
}

// follow goes on from the sums of the moves, which are in out.
func (k *kama) follow(w, x, out []float64) int {
	m := len(x)
	keep, add := k.fade.room(m)
	lead := k.lead(m)
	adapt(keep[lead:], add[lead:], x[lead:], w[lead:m], out[lead:])
	for i := range lead {
		keep[i], add[i] = 0, x[i] // the one before the first result begins the average
	}
	k.fade.next(out)
	Blank(lead, out)
	return lead
}

// adapt sets keep and add to the coefficients of a fading for prices x, those of
// n bars before, and the sums of the moves between.
func adapt(keep, add, x, past, noise []float64) {
	for i := adaptWide(keep, add, x, past, noise); i < len(keep); i++ {
		c := fastest
		if whole := math.Abs(x[i] - past[i]); whole < noise[i] {
			c = math.FMA(whole/noise[i], fastest-slowest, slowest)
		}
		gain := float64(c * c) // rounded, for 1−gain is not to be fused
		keep[i], add[i] = 1-gain, gain*x[i]
	}
}

func (k *kama) AppendState(b []byte) []byte {
	return appendStates(b, &k.past, k.noise, k.fade, &k.count)
}

func (k *kama) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &k.past, k.noise, k.fade, &k.count)
}
