package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/roll"

// trait is something that a candle has or has not, by itself or beside the one
// before it.
type trait uint

const (
	black      trait = iota
	long             // of the body: longer than the average
	short            // shorter than it
	solid            // too much of a body for a doji
	bareTop          // as good as no upper shadow
	bareBottom       // as good as no lower shadow
	higherHigh       // than that of the one before
	lowerHigh
	higherLow
	lowerLow
	higherClose
	lowerClose
	traits

	beside = higherHigh // the first of those that need the candle before
)

// set is the set of all candles that have a trait, in words.
func (c *chart) set(t trait) []uint64 {
	if c.told&(1<<t) == 0 {
		c.tell(t)
	}
	return c.sets[t]
}

func (c *chart) tell(t trait) {
	c.told |= 1 << t
	if c.sets[t] == nil {
		c.sets[t] = make([]uint64, (c.past+stretch)/roll.Word+2)
	}
	switch t {
	case black:
		c.above(t, c.column(opens), c.column(closes))
	case long:
		c.above(t, c.column(bodies), c.column(meanBodies))
	case short:
		c.above(t, c.column(meanBodies), c.column(bodies))
	case solid:
		c.above(t, c.column(bodies), c.column(traces))
	case bareTop:
		c.above(t, c.column(traces), c.column(uppers))
	case bareBottom:
		c.above(t, c.column(traces), c.column(lowers))
	case higherHigh:
		c.above(t, c.column(highs)[1:], c.column(highs))
	case lowerHigh:
		c.above(t, c.column(highs), c.column(highs)[1:])
	case higherLow:
		c.above(t, c.column(lows)[1:], c.column(lows))
	case lowerLow:
		c.above(t, c.column(lows), c.column(lows)[1:])
	case higherClose:
		c.above(t, c.column(closes)[1:], c.column(closes))
	case lowerClose:
		c.above(t, c.column(closes), c.column(closes)[1:])
	}
}

// above fills a set with the candles on which x > y. Columns that begin one later
// are shorter, and then bit 0 is for the candle after the oldest.
func (c *chart) above(t trait, x, y []float64) {
	n := min(len(x), len(y))
	for i := 0; i < n; i += roll.Word {
		to := min(i+roll.Word, n)
		c.sets[t][i/roll.Word] = roll.Above(x[i:to], y[i:to])
	}
}
