package pattern

// StalledPattern are two long white candles and a short one on their shoulder.
var StalledPattern = indicator(figure{
	name: "cdlstalledpattern", title: "Stalled Pattern",
	doc: `A rise that has stopped for thought: three white candles, each closing higher; the first two long, the second opening within the body of the first or near its top and with as good as no upper shadow; the third short, and on the shoulder of the second, opening at most near its own body's length below that close.

−100 on the third candle. It is meant for the top of a rise, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		shoulder := c.less(c.less(second.close(), third.body()), second.near())
		c.bearish(climb(first, second, third) & follows(second, first) &
			first.long() & second.long() & second.bareTop() &
			third.short() &^ third.open().below(shoulder))
	},
})
