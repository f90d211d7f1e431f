package pattern

// IdenticalThreeCrows are black candles that each open where the last closed.
var IdenticalThreeCrows = indicator(figure{
	name: "cdlidentical3crows", title: "Identical Three Crows",
	doc: `Selling without a pause: three black candles with as good as no lower shadows, each closing lower than the one before and opening at its close.

−100 on the third candle. It is meant for the top of a rise, which is for the caller to judge. As in TA-Lib the bodies need not be long.

G. L. Morris, CandlePower, 1992.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		c.bearish(decline(first, second, third) &
			c.within(second.open(), first.close(), first.equal()) & c.within(third.open(), second.close(), second.equal()) &
			first.bareBottom() & second.bareBottom() & third.bareBottom())
	},
})
