package pattern

// InNeck is a white candle that comes back to the close before it.
var InNeck = indicator(figure{
	name: "cdlinneck", title: "In-Neck Pattern",
	doc: `A weak answer to a fall: a long black candle, then a white one that opens below its low and closes at its close or a little into its body.

−100 on the second candle: the fall is expected to go on.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bearish(neck(first, second) &^ second.close().below(first.close()) &^
			second.close().above(c.plus(first.close(), first.equal())))
	},
})
