package pattern

// MorningDojiStar is a morning star that is a doji.
var MorningDojiStar = indicator(figure{
	name: "cdlmorningdojistar", title: "Morning Doji Star",
	doc: `A bottom in three candles: a long black one, a doji whose body is below its body, and a long white one that closes deep within the body of the first.

100 on the third candle. It is meant for the bottom of a fall, which is for the caller to judge. As in TA-Lib there need be no gap before the third.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10, penetration: 0.3,
	rule: func(c *chart) {
		first, star, third := c.ago(2), c.ago(1), c.ago(0)
		c.bullish(star.bodyBelow(first) & star.doji() & turnUp(first, third))
	},
})
