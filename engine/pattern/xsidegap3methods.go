package pattern

// XSideGapThreeMethods is a gap that the third candle closes.
var XSideGapThreeMethods = indicator(figure{
	name: "cdlxsidegap3methods", title: "Upside/Downside Gap Three Methods",
	doc: `A gap that is closed and expected to have been a pause: two candles of one colour with a gap between their bodies in its direction, and one of the other colour that opens within the second body and closes within the first.

100 on the third candle after white ones, −100 after black ones.

G. L. Morris, CandlePower, 1992.`,
	candles: 3,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		found := third.opensIn(second) & third.closesIn(first)
		c.bullish(found & first.white() & second.white() & third.black() & second.bodyAbove(first))
		c.bearish(found & first.black() & second.black() & third.white() & second.bodyBelow(first))
	},
})
