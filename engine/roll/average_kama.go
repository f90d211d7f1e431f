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
	count
	y    float64
	move [ta.Tile]float64
	gain [ta.Tile]float64 // the weight of each bar
}

// The weights of the slowest and the fastest average.
const (
	slowest = 2.0 / (30 + 1)
	fastest = 2.0 / (2 + 1)
)

func newKama(n int) *kama {
	return &kama{n: n, past: newTrack(n), noise: NewSum(n), count: count{n}}
}

func (k *kama) Next(x, out []float64) int {
	m := len(x)
	w := k.past.push(x)
	move, gain := k.move[:m], k.gain[:m]
	Sub(move, x, w[k.n-1:k.n-1+m])
	for i, d := range move {
		move[i] = math.Abs(d)
	}
	if k.missing == k.n && m > 0 {
		move[0] = 0 // nothing is before the first bar
	}
	k.noise.Next(move, gain)
	lead := k.lead(m)
	Blank(lead, out)
	if lead > 0 {
		k.y = x[lead-1]
	}
	Sub(move[lead:], x[lead:], w[lead:m])
	for i := lead; i < m; i++ {
		c := fastest
		if whole := math.Abs(move[i]); whole < gain[i] {
			c = math.FMA(whole/gain[i], fastest-slowest, slowest)
		}
		gain[i] = c * c
	}
	y := k.y
	for i := lead; i < m; i++ {
		y = math.FMA(1-gain[i], y, gain[i]*x[i])
		out[i] = y
	}
	k.y = y
	return lead
}

func (k *kama) AppendState(b []byte) []byte {
	return ta.AppendFloats(appendStates(b, &k.past, k.noise, &k.count), k.y)
}

func (k *kama) Restore(state []byte) ([]byte, error) {
	var y [1]float64
	rest, err := restoreStates(state, &k.past, k.noise, &k.count)
	if err == nil {
		rest, err = ta.RestoreFloats(rest, y[:])
	}
	k.y = y[0]
	return rest, err
}
