package pattern

// RiseFallThreeMethods are three small steps back within a long candle.
var RiseFallThreeMethods = indicator(figure{
	name: "cdlrisefall3methods", title: "Rising/Falling Three Methods",
	doc: `A trend that rests and goes on: a long candle; three short ones of the other colour that move ever further back, their bodies touching its range; and a long one of its colour that opens ahead of the close before it and closes beyond the first close.

100 on the fifth candle in a rise, −100 in a fall.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 5, over: 10,
	rule: func(c *chart) {
		first, second, third, fourth, last := c.ago(4), c.ago(3), c.ago(2), c.ago(1), c.ago(0)
		found := first.long() & second.short() & third.short() & fourth.short() & last.long() &
			touches(second, first) & touches(third, first) & touches(fourth, first)
		c.bullish(found & decline(second, third, fourth) & first.white() & last.white() &
			last.open().above(fourth.close()) & last.close().above(first.close()))
		c.bearish(found & climb(second, third, fourth) & first.black() & last.black() &
			last.open().below(fourth.close()) & last.close().below(first.close()))
	},
})
