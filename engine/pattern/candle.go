package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/roll"

// bars is a set of bars, one bit each, of the word that a rule is looking at:
// its conditions are computed for all of them at once, and joined with & and |.
type bars uint64

// line is one measure of those bars' candles, or of candles so many bars before.
type line []float64

// above and below say on which bars x is greater or less than y.
func (x line) above(y line) bars { return bars(roll.Above(x, y)) }
func (x line) below(y line) bars { return bars(roll.Above(y, x)) }

// candle is the candle of each bar, or that of so many bars before, as it is
// drawn: a body from the open to the close, white where the price rose and black
// where it fell, and a shadow on either side. One that closes where it opened is
// white.
//
// What is long, short or near is told by the candles before it. These are the
// settings of TA-Lib, at its defaults; an average is over so many candles, the
// candle itself not among them:
//
//	BodyLong, BodyShort   1 · average body of 10
//	BodyDoji              0.1 · average range of 10
//	ShadowLong            1 · its own body
//	ShadowVeryLong        2 · its own body
//	ShadowShort           1/2 · average of both shadows together of 10
//	ShadowVeryShort       0.1 · average range of 10
//	Near, Far, Equal      0.2, 0.6 and 0.05 · average range of 5
//
// Each is computed in TA-Lib's order of operations, so that a candle which
// measures exactly as much falls on the side on which TA-Lib has it. TA-Lib keeps
// a running total; here every window is summed anew. In both the sum is exact
// while the window's lengths have few digits, as those of prices in ticks do, and
// where it is not, the answer is the one that TA-Lib gives when it is asked about
// this window alone.
type candle struct {
	*chart
	bars int // before
}

// on is a measure of the candles.
func (c candle) on(m measure) line {
	from := c.at - c.bars
	return c.column(m)[from : from+c.n]
}

func (c candle) open() line  { return c.on(opens) }
func (c candle) high() line  { return c.on(highs) }
func (c candle) low() line   { return c.on(lows) }
func (c candle) close() line { return c.on(closes) }

// top and bottom are the ends of the body, and body is its length.
func (c candle) top() line    { return c.on(tops) }
func (c candle) bottom() line { return c.on(bottoms) }
func (c candle) body() line   { return c.on(bodies) }

// upperShadow and lowerShadow are the lengths of the shadows.
func (c candle) upperShadow() line { return c.on(uppers) }
func (c candle) lowerShadow() line { return c.on(lowers) }

// part is a part of the body, as large as the figure says.
func (c candle) part() line { return c.on(parts) }

// near, far and equal are distances, from what is almost this price to what is
// another one.
func (c candle) near() line  { return c.on(nears) }
func (c candle) far() line   { return c.on(fars) }
func (c candle) equal() line { return c.on(equals) }

// middle is the middle of the range.
func (c candle) middle() line { return c.on(middles) }

// trace is what a shadow must be shorter than to be as good as none, and the
// longest body of a doji.
func (c candle) trace() line { return c.on(traces) }

// is says whether the candles have a trait.
func (c candle) is(t trait) bars {
	at := c.at - c.bars
	if t >= beside {
		at-- // bit 0 is for the second candle
	}
	set, shift := c.set(t)[at/roll.Word:], at%roll.Word
	return bars(set[0]>>shift | set[1]<<(roll.Word-shift))
}

func (c candle) white() bars { return ^c.is(black) }
func (c candle) black() bars { return c.is(black) }

// long and short say whether the body is longer or shorter than the average. One
// of just that length is neither.
func (c candle) long() bars  { return c.is(long) }
func (c candle) short() bars { return c.is(short) }

// doji says whether there is hardly a body.
func (c candle) doji() bars { return ^c.is(solid) }

// bareTop and bareBottom say whether there is as good as no shadow there.
func (c candle) bareTop() bars    { return c.is(bareTop) }
func (c candle) bareBottom() bars { return c.is(bareBottom) }

// shortUpper and shortLower say whether a shadow is short, longUpper whether it is
// longer than that.
func (c candle) shortUpper() bars { return c.upperShadow().below(c.on(shortShadow)) }
func (c candle) shortLower() bars { return c.lowerShadow().below(c.on(shortShadow)) }
func (c candle) longUpper() bars  { return c.upperShadow().above(c.on(shortShadow)) }

// bodyAbove and bodyBelow say whether there is a gap between the bodies.
func (c candle) bodyAbove(d candle) bars { return c.bottom().above(d.top()) }
func (c candle) bodyBelow(d candle) bars { return c.top().below(d.bottom()) }

// above and below say whether there is a gap between the candles, shadows and
// all.
func (c candle) above(d candle) bars { return c.low().above(d.high()) }
func (c candle) below(d candle) bars { return c.high().below(d.low()) }

// What the range of c is beside that of the candle before it.
func (c candle) inside() bars  { return c.is(lowerHigh) & c.is(higherLow) }
func (c candle) outside() bars { return c.is(higherHigh) & c.is(lowerLow) }
func (c candle) lower() bars   { return c.is(lowerHigh) & c.is(lowerLow) }
func (c candle) higher() bars  { return c.is(higherHigh) & c.is(higherLow) }

// opensIn and closesIn say whether c opens, or closes, between the ends of the
// body of d.
func (c candle) opensIn(d candle) bars { return c.open().below(d.top()) & c.open().above(d.bottom()) }
func (c candle) closesIn(d candle) bars {
	return c.close().below(d.top()) & c.close().above(d.bottom())
}
