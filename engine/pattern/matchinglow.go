package pattern

// MatchingLow are two black candles with one close.
var MatchingLow = indicator(figure{
	name: "cdlmatchinglow", title: "Matching Low",
	doc: `A fall that has found a floor: two black candles with equal closes.

100 on the second candle. It is meant for the bottom of a fall, which is for the caller to judge.

G. L. Morris, CandlePower, 1992.`,
	candles: 2, over: 5,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bullish(first.black() & second.black() & c.within(second.close(), first.close(), first.equal()))
	},
})
