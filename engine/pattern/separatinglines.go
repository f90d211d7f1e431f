package pattern

// SeparatingLines are two opposite candles from one open.
var SeparatingLines = indicator(figure{
	name: "cdlseparatinglines", title: "Separating Lines",
	doc: `A trend that takes back a step aside: a candle of either colour, and a long one of the other that opens where it opened, with as good as no shadow there.

100 on the second candle where it is white, −100 where it is black: the trend in that direction, which is for the caller to judge, is expected to go on.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		found := second.long() & c.within(second.open(), first.open(), first.equal())
		c.bullish(found & first.black() & second.white() & second.bareBottom())
		c.bearish(found & first.white() & second.black() & second.bareTop())
	},
})
