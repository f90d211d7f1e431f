package pattern

// ClosingMarubozu is a long candle that closes at its extreme.
var ClosingMarubozu = indicator(figure{
	name: "cdlclosingmarubozu", title: "Closing Marubozu",
	doc: `A session that went one way to its last trade: a long candle with as good as no shadow on the side where it closed.

100 for a white candle that closes at its high, −100 for a black one that closes at its low.

G. L. Morris, CandlePower, 1992.`,
	candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.bullish(only.long() & only.white() & only.bareTop())
		c.bearish(only.long() & only.black() & only.bareBottom())
	},
})
