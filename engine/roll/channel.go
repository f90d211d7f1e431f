package roll

import "math"

// Channel is Lambert's commodity channel index over n bars: how far the typical
// price is from its mean, by 0.015 of the mean distance from it.
//
// The index is the same of three times the price, high + low + close, which is three
// closes and how far high and low are from the close. A difference of two of these
// is made of differences alone, so that neither the level of the prices takes part
// nor the rounding of their sum.
type Channel struct {
	n int
	count
	close, extra track
}

// NewChannel looks at n bars, 2 or more.
func NewChannel(n int) *Channel {
	return &Channel{n: n, count: count{n - 1}, close: newTrack(n - 1), extra: newTrack(n - 1)}
}

// Next sets out to the indexes: 0 where the price is no further from its mean than
// Flat, or the prices are not.
func (c *Channel) Next(high, low, close, out []float64) int {
	closes, extras := c.close.push(close), c.extra.window(len(out))
	beyond(extras[c.n-1:], high, low, close)
	lead := c.lead(len(out))
	levels(closes[lead:], extras[lead:], out[lead:], c.n)
	channel(closes[lead:], extras[lead:], out[lead:], c.n)
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

// levels sets dst[i] to how far it is from three times the newest close of the n
// bars from i on to three times their mean price:
//
//	level = Σ (3·(close[k] − newest) + extra[k]) / n
//
// It is the sum of those bars that n is above a multiple of four, and then of every
// four, oldest first.
func levels(close, extra, dst []float64, n int) {
	d := float64(n)
	inv := 1 / d
	for i := levelsWide(close, extra, dst, n, inv); i < len(dst); i++ {
		w, e := close[i:i+n], extra[i:i+n]
		c := w[n-1]
		dst[i] = divided(inFours(n, func(k int) float64 { return math.FMA(3, w[k]-c, e[k]) }), d, inv)
	}
}

// channel sets dst, which has the levels, to the indexes. The distances from the mean
// are |3·(close[k] − newest) + (extra[k] − level)|, added up as the levels are. To
// divide by 0.015 is to multiply by 200 / 3, which spares the rounding of 0.015.
func channel(close, extra, dst []float64, n int) {
	flat, times := Flat*float64(n), -200*float64(n)
	for i := channelWide(close, extra, dst, n, flat, times); i < len(dst); i++ {
		w, e, m := close[i:i+n], extra[i:i+n], dst[i]
		c := w[n-1]
		sum := inFours(n, func(k int) float64 { return math.Abs(math.FMA(3, w[k]-c, e[k]-m)) })
		mean := math.Abs(math.FMA(3, c, m))
		m -= e[n-1]
		dst[i] = 0
		if math.Abs(m) > Flat*mean && sum > float64(flat*mean) {
			dst[i] = times * m / (3 * sum)
		}
	}
}

// inFours is the sum of what f says of 0 to n−1: of those that n is above a multiple
// of four, and then of every four.
func inFours(n int, f func(k int) float64) (s float64) {
	k := 0
	for ; k < n%4; k++ {
		s += f(k)
	}
	for ; k < n; k += 4 {
		s += f(k) + f(k+1) + (f(k+2) + f(k+3))
	}
	return s
}

// AppendState implements ta.State.
func (c *Channel) AppendState(b []byte) []byte {
	return appendStates(b, &c.count, &c.close, &c.extra)
}

// Restore implements ta.State.
func (c *Channel) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &c.count, &c.close, &c.extra)
}
