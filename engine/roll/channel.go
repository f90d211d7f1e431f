package roll

import (
	"math"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Channel is Lambert's commodity channel index over n bars: how far the typical
// price is from its mean, by 0.015 of the mean distance from it.
//
// The index is the same of three times the price, high + low + close, which is three
// closes and how far high and low are from the close. A difference of two of these
// is made of differences alone, so that neither the level of the prices takes part
// nor the rounding of their sum; and the mean is corrected by what all of them are
// from it together, which would be nothing.
type Channel struct {
	n            int
	means        *Sum
	close, extra track
	price, mean  [ta.Tile]float64
}

// NewChannel looks at n bars, 2 or more.
func NewChannel(n int) *Channel {
	return &Channel{n: n, means: NewMean(n), close: newTrack(n), extra: newTrack(n)}
}

// Next sets out to the indexes: 0 where the price is no further from its mean than
// Flat, or the prices are not.
func (c *Channel) Next(high, low, close, out []float64) int {
	m := len(out)
	closes, extras := c.close.push(close), c.extra.window(m)
	extra := extras[c.n:]
	beyond(extra, high, low, close)
	price := c.price[:m]
	MulAdd(price, close, 3, extra)
	lead := c.means.Next(price, c.mean[:m])
	price, mean := price[lead:], c.mean[lead:m]
	Sub(mean, mean, price)
	closes, extras = closes[1+lead:], extras[1+lead:]
	spans(closes, extras, mean, price, c.n, false)
	MulAdd(mean, price, 1/float64(c.n), mean)
	spans(closes, extras, mean, out[lead:], c.n, true)
	channel(out[lead:], close[lead:], extra[lead:], mean, float64(c.n))
	Blank(lead, out)
	return lead
}

// beyond sets dst to how far high and low are above close, together.
func beyond(dst, high, low, close []float64) {
	for i := beyondWide(dst, high, low, close); i < len(dst); i++ {
		c := close[i]
		dst[i] = high[i] - c + (low[i] - c)
	}
}

// spans sets dst[i] to the sum over the n bars from i on of how far three times
// their price is from a level, which is so far from the newest of them: above it
// less below it, or, unsigned, either way; in groups as distances has them.
func spans(close, extra, level, dst []float64, n int, unsigned bool) {
	for i := spansWide(close, extra, level, dst, n, unsigned); i < len(dst); i++ {
		newest := i + n - 1
		c, e := close[newest], extra[newest]+level[i]
		far := func(k int) float64 {
			d := math.FMA(3, close[k]-c, extra[k]-e)
			if unsigned {
				return math.Abs(d)
			}
			return d
		}
		s, k := 0.0, i
		for ; k < i+n%4; k++ {
			s += far(k)
		}
		for ; k < i+n; k += 4 {
			s += far(k) + far(k+1) + (far(k+2) + far(k+3))
		}
		dst[i] = s
	}
}

// channel sets dst, which has the sums of n distances each, to the indexes. To
// divide by 0.015 is to multiply by 200 / 3, which spares the rounding of 0.015.
func channel(dst, close, extra, mean []float64, n float64) {
	flat, times := Flat*n, -200*n
	for i := channelWide(dst, close, extra, mean, flat, times); i < len(dst); i++ {
		m, sum := mean[i], dst[i]
		level := math.Abs(math.FMA(3, close[i], extra[i]+m))
		dst[i] = 0
		if math.Abs(m) > Flat*level && sum > float64(flat*level) {
			dst[i] = times * m / (3 * sum)
		}
	}
}

// AppendState implements ta.State.
func (c *Channel) AppendState(b []byte) []byte {
	return appendStates(b, c.means, &c.close, &c.extra)
}

// Restore implements ta.State.
func (c *Channel) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, c.means, &c.close, &c.extra)
}
