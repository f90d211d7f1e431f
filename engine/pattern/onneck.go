package pattern

// OnNeck is a white candle that comes back to the low before it.
var OnNeck = indicator(figure{
	name: "cdlonneck", title: "On-Neck Pattern",
	doc: `A weak answer to a fall: a long black candle, then a white one that opens below its low and closes at that low.

−100 on the second candle: the fall is expected to go on.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bearish(neck(first, second) & c.within(second.close(), first.low(), first.equal()))
	},
})
