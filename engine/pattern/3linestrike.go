package pattern

// ThreeLineStrike is a candle that takes back the three before it.
var ThreeLineStrike = indicator(figure{
	name: "cdl3linestrike", title: "Three-Line Strike",
	doc: `A march and one step back over all of it: three candles of one colour, each closing further on than the one before and opening within or near its body, then one of the other colour that opens beyond the last close and closes beyond the first open.

100 on the fourth candle after three white ones, −100 after three black ones: the tradition reads it as a pause in a trend that goes on. T. N. Bulkowski (Encyclopedia of Candlestick Charts, 2008) found that it reverses more often, so take the sign with care.

G. L. Morris, CandlePower, 1992.`,
	candles: 4, over: 5,
	rule: func(c *chart) {
		first, second, third, last := c.ago(3), c.ago(2), c.ago(1), c.ago(0)
		found := opensAbout(second, first) & opensAbout(third, second)
		c.bullish(found & climb(first, second, third) & last.black() &
			last.open().above(third.close()) & last.close().below(first.open()))
		c.bearish(found & decline(first, second, third) & last.white() &
			last.open().below(third.close()) & last.close().above(first.open()))
	},
})
