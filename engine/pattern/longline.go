package pattern

// LongLine is a long body between short shadows.
var LongLine = indicator(figure{
	name: "cdllongline", title: "Long Line Candle",
	doc: `A session that one side won: a long body with two short shadows.

100 for a white candle, −100 for a black one.

G. L. Morris, CandlePower, 1992.`,
	candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.toward(only.white(), only.long()&only.shortUpper()&only.shortLower())
	},
})
