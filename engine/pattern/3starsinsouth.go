package pattern

// ThreeStarsInSouth are three black candles, each smaller and higher at its low.
var ThreeStarsInSouth = indicator(figure{
	name: "cdl3starsinsouth", title: "Three Stars in the South",
	doc: `A fall that runs out of sellers: a long black candle with a long lower shadow; a black one with a shorter body, which opens within the range of the first above its close, trades below that close but not below its low, and has a lower shadow; and a short black candle with as good as no shadows, within the range of the second.

100 on the third candle. It is meant for the bottom of a fall, which is for the caller to judge.

G. L. Morris, CandlePower, 1992.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		c.bullish(third.inside() & first.black() & second.black() & third.black() &
			first.long() & first.lowerShadow().above(first.body()) &
			second.body().below(first.body()) & second.open().above(first.close()) &^ second.open().above(first.high()) &
			second.low().below(first.close()) &^ second.low().below(first.low()) & second.lowerShadow().above(second.trace()) &
			third.short() & third.bareTop() & third.bareBottom())
	},
})
