package pattern

// ThreeWhiteSoldiers are three white candles that close ever higher.
var ThreeWhiteSoldiers = indicator(figure{
	name: "cdl3whitesoldiers", title: "Three Advancing White Soldiers",
	doc: `Buying that does not let up: three white candles with as good as no upper shadows, each closing higher; the second and third open within the body before them or near its top, and neither body is far shorter than the one before; the third is longer than the average.

100 on the third candle. It is meant for the bottom of a fall, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		c.bullish(advance(first, second, third) &
			first.bareTop() & second.bareTop() & third.bareTop() & third.long() &
			second.body().above(c.less(first.body(), first.far())) &
			third.body().above(c.less(second.body(), second.far())))
	},
})
