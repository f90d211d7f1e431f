package pattern

// DojiStar is a doji apart from the long body before it.
var DojiStar = indicator(figure{
	name: "cdldojistar", title: "Doji Star",
	doc: `A trend that leapt and then did not know where to go: a long candle, and a doji whose body is beyond its body in the direction of its colour.

100 after a black candle, −100 after a white one. It is a warning that the next candle is to confirm.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, star := c.ago(1), c.ago(0)
		found := first.long() & star.doji()
		c.bullish(found & first.black() & star.bodyBelow(first))
		c.bearish(found & first.white() & star.bodyAbove(first))
	},
})
