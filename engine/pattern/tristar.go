package pattern

// Tristar are three doji, the middle one apart.
var Tristar = indicator(figure{
	name: "cdltristar", title: "Tristar Pattern",
	doc: `A trend that has come to rest: three doji, the body of the second beyond that of the first and the third one back. What is a doji is measured for all three by the candles before the first.

100 on the third candle where the second is the lowest, −100 where it is the highest. The trend before it is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		longest := first.trace()
		found := ^first.body().above(longest) &^ second.body().above(longest) &^ third.body().above(longest)
		c.bullish(found & second.bodyBelow(first) & third.bottom().above(second.bottom()))
		c.bearish(found & second.bodyAbove(first) & third.top().below(second.top()))
	},
})
