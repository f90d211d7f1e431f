package pattern

// EveningStar is a small body above two long ones.
var EveningStar = indicator(figure{
	name: "cdleveningstar", title: "Evening Star",
	doc: `A top in three candles: a long white one, one that is not long with its body above that of the first, and a long black one that closes deep within the body of the first.

−100 on the third candle. It is meant for the top of a rise, which is for the caller to judge. As in TA-Lib there need be no gap before the third.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10, penetration: 0.3,
	rule: func(c *chart) {
		first, star, third := c.ago(2), c.ago(1), c.ago(0)
		c.bearish(star.bodyAbove(first) & turnDown(first, third) &^ star.long())
	},
})
