package pattern

// TwoCrows are two black candles above a white one, the second flying down.
var TwoCrows = indicator(figure{
	name: "cdl2crows", title: "Two Crows",
	doc: `A rise that has met sellers: a long white candle, a black one whose body is above its body, and a second black one that opens within the body of the first crow and closes within that of the white candle.

−100 on the third candle. It is meant for the top of a rise, which is for the caller to judge.

G. L. Morris, CandlePower, 1992.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		c.bearish(second.bodyAbove(first) & first.white() & first.long() & second.black() &
			third.black() & third.opensIn(second) & third.closesIn(first))
	},
})
