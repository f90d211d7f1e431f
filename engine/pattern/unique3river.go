package pattern

// UniqueThreeRiver is a new low that is not sold any further.
var UniqueThreeRiver = indicator(figure{
	name: "cdlunique3river", title: "Unique Three River",
	doc: `A fall that has found buyers: a long black candle; a black one whose body is within it, with a shadow to a new low; and a short white one that opens above that low.

100 on the third candle. It is meant for the bottom of a fall, which is for the caller to judge. The textbook wants the third below the second's close; TA-Lib, and so this, does not ask.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		c.bullish(first.black() & first.long() & second.black() & third.white() & third.short() &
			second.close().above(first.close()) &^ second.open().above(first.open()) &
			second.low().below(first.low()) & third.open().above(second.low()))
	},
})
