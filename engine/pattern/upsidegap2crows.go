package pattern

// UpsideGapTwoCrows are two crows, the second around the first, above a gap.
var UpsideGapTwoCrows = indicator(figure{
	name: "cdlupsidegap2crows", title: "Upside Gap Two Crows",
	doc: `A rise that has met sellers twice: a long white candle; a black one that is not long with its body above the body of the first; and a second black one whose body covers that, still closing above the white candle.

−100 on the third candle. It is meant for the top of a rise, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		c.bearish(second.bodyAbove(first) & first.white() & first.long() & second.black() &^ second.long() &
			third.black() & third.open().above(second.open()) &
			third.close().below(second.close()) & third.close().above(first.close()))
	},
})
