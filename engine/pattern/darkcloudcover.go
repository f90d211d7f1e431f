package pattern

// DarkCloudCover is a black candle that comes down over a white one.
var DarkCloudCover = indicator(figure{
	name: "cdldarkcloudcover", title: "Dark Cloud Cover",
	doc: `A rise that opened higher still and could not hold it: a long white candle, then a black one that opens above its high and closes deep within its body.

−100 on the second candle. It is meant for the top of a rise, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10, penetration: 0.5,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bearish(second.open().above(first.high()) & first.white() & second.black() & first.long() &
			second.close().above(first.open()) & second.close().below(c.less(first.close(), first.part())))
	},
})
