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
	channel(closes[lead:], extras[lead:], out[lead:], c.n)
	Blank(lead, out)
	return lead
}

// Watch is Next for bars that may have holes: it returns false, with c as it was,
// where it met one, or cannot tell.
func (c *Channel) Watch(high, low, close, out []float64) bool {
	if c.missing > 0 {
		return false
	}
	closes, extras := c.close.push(close), c.extra.window(len(out))
	if sum := beyond(extras[c.n-1:], high, low, close); sum-sum != 0 {
		c.close.drop(len(out))
		c.extra.drop(len(out))
		return false
	}
	channel(closes, extras, out, c.n)
	return true
}

// beyond sets dst to how far high and low are above close, together, and returns the
// sum of that: no number where one of them is none.
func beyond(dst, high, low, close []float64) float64 {
	i, sum := beyondWide(dst, high, low, close)
	for ; i < len(dst); i++ {
		c := close[i]
		dst[i] = high[i] - c + (low[i] - c)
		sum += dst[i]
	}
	return sum
}

// spans sets dst[i] to how far three times the price is above three times the newest
// close, over the n bars from i on together:
//
//	Σ 3·(close[k] − newest) + extra[k]
//
// oldest first, as inFours adds up.
func spans(close, extra, dst []float64, n int) {
	for i := spansWide(close, extra, dst, n); i < len(dst); i++ {
		w, e := close[i:i+n], extra[i:i+n]
		c := w[n-1]
		dst[i] = inFours(n, func(k int) float64 { return math.FMA(3, w[k]-c, e[k]) })
	}
}

// channel sets dst to the indexes. The mean is a span divided by n; as that would be
// rounded, all distances from it are n times as large,
//
//	|n·(3·(close[k] − newest) + extra[k]) − span|
//
// and are added up as the spans are. To divide by 0.015 is to multiply by 200 / 3,
// which is a float64 and the rest of that.
func channel(close, extra, dst []float64, n int) {
	spans(close, extra, dst, n)
	d := float64(n)
	c := newChanneled(d)
	for i := channelWide(close, extra, dst, n, &c); i < len(dst); i++ {
		w, e, span := close[i:i+n], extra[i:i+n], dst[i]
		newest := w[n-1]
		sum := inFours(n, func(k int) float64 { return math.Abs(math.FMA(math.FMA(3, w[k]-newest, e[k]), d, -span)) })
		mean := math.Abs(math.FMA(span, c.inv, 3*newest))
		m := math.FMA(d, e[n-1], -span)
		dst[i] = 0
		if math.Abs(m) > c.still*mean && sum > c.flat*mean {
			q := m / sum
			dst[i] = math.FMA(q, c.scale, q*c.rest)
		}
	}
}

// channeled are the constants of a channel over n bars: what n times a distance from
// the mean is to be above, and the sum of n of them, beside three times the mean
// price; and 200·n / 3.
type channeled struct{ inv, still, flat, scale, rest float64 }

func newChanneled(n float64) channeled {
	scale := 200 * n / 3
	return channeled{1 / n, Flat * n, Flat * n * n, scale, math.FMA(-3, scale, 200*n) / 3}
}

// inFours is the sum of what f says of 0 to n−1: of those that n is above a multiple
// of four; and then of every four, eight of them in a part of its own, lest the small
// is added to the large too often.
func inFours(n int, f func(k int) float64) (s float64) {
	k := 0
	for ; k < n%4; k++ {
		s += f(k)
	}
	for k < n {
		part := 0.0
		for end := min(k+4*eightFours, n); k < end; k += 4 {
			part += f(k) + f(k+1) + (f(k+2) + f(k+3))
		}
		s += part
	}
	return s
}

const eightFours = 8

// AppendState implements ta.State.
func (c *Channel) AppendState(b []byte) []byte {
	return appendStates(b, &c.count, &c.close, &c.extra)
}

// Restore implements ta.State.
func (c *Channel) Restore(state []byte) ([]byte, error) {
	return restoreStates(state, &c.count, &c.close, &c.extra)
}
