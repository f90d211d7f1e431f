package pattern

// ThreeBlackCrows are three black candles that close ever lower.
var ThreeBlackCrows = indicator(figure{
	name: "cdl3blackcrows", title: "Three Black Crows",
	doc: `Selling that does not let up: after a white candle three black ones, each closing lower than the one before and with as good as no lower shadow; the second and third open within the body before them, and the first closes below the high of the white candle.

−100 on the third crow. It is meant for the top of a rise, which is for the caller to judge. As in TA-Lib the bodies need not be long.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 4, over: 10,
	rule: func(c *chart) {
		before, first, second, third := c.ago(3), c.ago(2), c.ago(1), c.ago(0)
		c.bearish(decline(first, second, third) & before.white() & before.high().above(first.close()) &
			second.opensIn(first) & third.opensIn(second) &
			first.bareBottom() & second.bareBottom() & third.bareBottom())
	},
})
