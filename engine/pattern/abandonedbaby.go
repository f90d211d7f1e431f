package pattern

// AbandonedBaby is a doji with a gap on either side.
var AbandonedBaby = indicator(figure{
	name: "cdlabandonedbaby", title: "Abandoned Baby",
	doc: `A turn with an island at it: a long candle, a doji beyond it with a gap between the shadows, and a long candle of the other colour, back across another such gap, which closes deep in the body of the first.

100 on the third candle at a bottom, −100 at a top.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10, penetration: 0.3,
	rule: func(c *chart) {
		first, baby, third := c.ago(2), c.ago(1), c.ago(0)
		c.bullish(baby.below(first) & third.above(baby) & baby.doji() & turnUp(first, third))
		c.bearish(baby.above(first) & third.below(baby) & baby.doji() & turnDown(first, third))
	},
})
