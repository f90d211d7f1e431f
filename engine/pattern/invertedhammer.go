package pattern

// InvertedHammer is a short body under a long shadow, below a gap.
var InvertedHammer = indicator(figure{
	name: "cdlinvertedhammer", title: "Inverted Hammer",
	doc: `A fall in which a rise was possible: a short body with an upper shadow longer than it and as good as no lower one, the body below the body before.

100. It is meant for the bottom of a fall, which is for the caller to judge, and for a next candle that confirms it.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bullish(second.bodyBelow(first) & inverted(second))
	},
})
