package pattern

// ShootingStar is a short body under a long shadow, above a gap.
var ShootingStar = indicator(figure{
	name: "cdlshootingstar", title: "Shooting Star",
	doc: `A rise that could not be held: a short body with an upper shadow longer than it and as good as no lower one, the body above the body before.

−100. It is meant for the top of a rise, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bearish(second.bodyAbove(first) & inverted(second))
	},
})
