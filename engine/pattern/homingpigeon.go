package pattern

// HomingPigeon is a black body within the long black one before it.
var HomingPigeon = indicator(figure{
	name: "cdlhomingpigeon", title: "Homing Pigeon",
	doc: `A fall that has lost its breath: a long black candle, and a black one that is not long with its body within the body of the first.

100 on the second candle. It is meant for the bottom of a fall, which is for the caller to judge.

G. L. Morris, CandlePower, 1992.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bullish(first.black() & second.black() & within(second, first) & first.long() &^ second.long())
	},
})
