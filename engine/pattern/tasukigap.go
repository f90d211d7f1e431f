package pattern

// TasukiGap is a gap that the next candle does not fill.
var TasukiGap = indicator(figure{
	name: "cdltasukigap", title: "Tasuki Gap",
	doc: `A gap that was tried and held: a candle whose body is beyond the body before it in the direction of its colour, then one of the other colour and nearly the same length that opens within its body and closes within the gap.

100 on the third candle of an upside gap, −100 of a downside gap: the trend is expected to go on.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 5,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		found := third.opensIn(second) & c.apart(second.body(), third.body()).below(second.near())
		c.bullish(found & second.bodyAbove(first) & second.white() & third.black() &
			third.close().below(second.open()) & third.close().above(first.top()))
		c.bearish(found & second.bodyBelow(first) & second.black() & third.white() &
			third.close().above(second.open()) & third.close().below(first.bottom()))
	},
})
