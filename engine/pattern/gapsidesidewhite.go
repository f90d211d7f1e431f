package pattern

// GapSideSideWhite are two like white candles beyond a gap.
var GapSideSideWhite = indicator(figure{
	name: "cdlgapsidesidewhite", title: "Up/Down-gap Side-by-side White Lines",
	doc: `A gap that holds: two white candles whose bodies are both above the body before them, or both below it, with equal opens and bodies of nearly one length.

100 on the third candle above a gap, −100 below one: the trend is expected to go on.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 5,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		found := second.white() & third.white() &
			c.within(third.body(), second.body(), second.near()) & c.within(third.open(), second.open(), second.equal())
		c.bullish(found & second.bodyAbove(first) & third.bodyAbove(first))
		c.bearish(found & second.bodyBelow(first) & third.bodyBelow(first))
	},
})
