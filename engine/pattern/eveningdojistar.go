package pattern

// EveningDojiStar is an evening star that is a doji.
var EveningDojiStar = indicator(figure{
	name: "cdleveningdojistar", title: "Evening Doji Star",
	doc: `A top in three candles: a long white one, a doji whose body is above its body, and a long black one that closes deep within the body of the first.

−100 on the third candle. It is meant for the top of a rise, which is for the caller to judge. As in TA-Lib there need be no gap before the third.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10, penetration: 0.3,
	rule: func(c *chart) {
		first, star, third := c.ago(2), c.ago(1), c.ago(0)
		c.bearish(star.bodyAbove(first) & star.doji() & turnDown(first, third))
	},
})
