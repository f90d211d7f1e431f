package pattern

// BeltHold is a long candle that opens at its extreme.
var BeltHold = indicator(figure{
	name: "cdlbelthold", title: "Belt-hold",
	doc: `A session that went one way from its first trade: a long candle with as good as no shadow on the side where it opened.

100 for a white candle that opens at its low, −100 for a black one that opens at its high. It says more after a trend the other way, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.bullish(only.long() & only.white() & only.bareBottom())
		c.bearish(only.long() & only.black() & only.bareTop())
	},
})
