package pattern

// HangingMan is a hammer at a high.
var HangingMan = indicator(figure{
	name: "cdlhangingman", title: "Hanging Man",
	doc: `A rise in which a fall was possible: a hammer, a short body with a lower shadow longer than it and as good as no upper one, near the high of the candle before or above.

−100. It is meant for the top of a rise, which is for the caller to judge, and for a next candle that confirms it. The textbook wants a shadow of twice the body; TA-Lib, and so this, wants it longer than the body.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bearish(hammer(second) &^ second.bottom().below(c.less(first.high(), first.near())))
	},
})
