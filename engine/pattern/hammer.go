package pattern

// Hammer is a short body on a long handle, at a low.
var Hammer = indicator(figure{
	name: "cdlhammer", title: "Hammer",
	doc: `A fall that was bought back: a short body with a lower shadow longer than it and as good as no upper one, the body near the low of the candle before or below.

100. It is meant for the bottom of a fall, which is for the caller to judge. The textbook wants a shadow of twice the body; TA-Lib, and so this, wants it longer than the body.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bullish(hammer(second) &^ second.bottom().above(c.plus(first.low(), first.near())))
	},
})
