package pattern

// Thrusting is a white candle that comes up into a black one, but not half way.
var Thrusting = indicator(figure{
	name: "cdlthrusting", title: "Thrusting Pattern",
	doc: `An answer to a fall that is not enough: a long black candle, then a white one that opens below its low and closes in its body, above its close and not above the middle.

−100 on the second candle: the fall is expected to go on.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10, part: 0.5,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bearish(neck(first, second) & second.close().above(c.plus(first.close(), first.equal())) &^
			second.close().above(c.plus(first.close(), first.part())))
	},
})
