package pattern

import (
	"math/bits"

	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// stretch is how many bars are drawn at once: few enough for the columns that a
// pattern uses to stay in the first-level cache.
const stretch = 256

// chart measures candles. It keeps the prices of the bars that the newest value
// depends on, and nothing else: whatever is measured is made of them, when a rule
// first asks for it. So no value can depend on an older bar.
type chart struct {
	past, end int // bars kept, and where the newest ends
	columns   [measures][]float64
	drawn     uint // the measures whose columns are of these bars
	sets      [traits][]uint64
	told      uint    // the traits whose sets are of these bars
	part      float64 // of a body, for parts

	// The word that a rule is looking at.
	at, n  int // where it begins, and how many bars it has
	signal []float64
	spare  []line
	spares int // how many are in use
}

func newChart(past int, part float64) *chart {
	c := &chart{past: past, end: past, part: part}
	for m := opens; m <= closes; m++ {
		c.columns[m] = make([]float64, past+stretch)
	}
	return c
}

// take lets the bars of in follow those that are kept, at most a stretch.
func (c *chart) take(in ta.Columns, from, to int) {
	for m := opens; m <= closes; m++ {
		col := c.columns[m]
		copy(col[:c.past], col[c.end-c.past:c.end])
		copy(col[c.past:], in[m][from:to])
	}
	c.end = c.past + to - from
	c.drawn, c.told = 1<<opens|1<<highs|1<<lows|1<<closes, 0
}

// look turns to the word that begins at bar from of those taken; its outcome goes
// to signal.
func (c *chart) look(from int, signal []float64) {
	c.at, c.n, c.signal, c.spares = c.past+from, len(signal), signal, 0
	clear(signal)
}

// ago are the candles so many bars before.
func (c *chart) ago(n int) candle { return candle{c, n} }

// plus and less are lines of their own, until the next word.
func (c *chart) plus(x, y line) line {
	sum := c.line()
	roll.Add(sum, x, y)
	return sum
}

func (c *chart) less(x, y line) line {
	rest := c.line()
	roll.Sub(rest, x, y)
	return rest
}

// apart is how far x and y are from one another.
func (c *chart) apart(x, y line) line {
	between := c.line()
	roll.Apart(between, x, y)
	return between
}

func (c *chart) line() line {
	if c.spares == len(c.spare) {
		c.spare = append(c.spare, make(line, roll.Word))
	}
	c.spares++
	return c.spare[c.spares-1][:c.n]
}

// within says on which bars x is not above y + reach nor below y − reach.
func (c *chart) within(x, y, reach line) bars {
	return ^x.above(c.plus(y, reach)) &^ x.below(c.less(y, reach))
}

// mark gives a value to the bars that were found.
func (c *chart) mark(found bars, value float64) {
	for found &= 1<<c.n - 1; found != 0; found &= found - 1 {
		c.signal[bits.TrailingZeros64(uint64(found))] = value
	}
}

// bullish and bearish mark bars with 100 and −100.
func (c *chart) bullish(found bars) { c.mark(found, 100) }
func (c *chart) bearish(found bars) { c.mark(found, -100) }

// toward marks bars with 100 where they are also among those up, else with −100.
func (c *chart) toward(up, found bars) {
	c.bullish(found & up)
	c.bearish(found &^ up)
}

// AppendState implements ta.State.
func (c *chart) AppendState(b []byte) []byte {
	for m := opens; m <= closes; m++ {
		b = ta.AppendFloats(b, c.columns[m][c.end-c.past:c.end]...)
	}
	return b
}

// Restore implements ta.State.
func (c *chart) Restore(state []byte) (rest []byte, err error) {
	c.end = c.past
	for m := opens; m <= closes; m++ {
		if state, err = ta.RestoreFloats(state, c.columns[m][:c.past]); err != nil {
			return nil, err
		}
	}
	return state, nil
}
