package pattern

// Marubozu is a long body and nothing else.
var Marubozu = indicator(figure{
	name: "cdlmarubozu", title: "Marubozu",
	doc: `A session that one side won from the first trade to the last: a long body with as good as no shadows.

100 for a white candle, −100 for a black one.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.toward(only.white(), marubozu(only))
	},
})
