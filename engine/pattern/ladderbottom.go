package pattern

// LadderBottom are steps down and a leap off the last.
var LadderBottom = indicator(figure{
	name: "cdlladderbottom", title: "Ladder Bottom",
	doc: `A fall whose sellers have had enough: three black candles that open and close ever lower, a fourth black one with an upper shadow, and a white one that opens above its open and closes above its high.

100 on the fifth candle. As in TA-Lib the bodies need not be long.

G. L. Morris, CandlePower, 1992.`,
	candles: 5, over: 10,
	rule: func(c *chart) {
		first, second, third, fourth, last := c.ago(4), c.ago(3), c.ago(2), c.ago(1), c.ago(0)
		c.bullish(decline(first, second, third) &
			second.open().below(first.open()) & third.open().below(second.open()) &
			fourth.black() & fourth.upperShadow().above(fourth.trace()) &
			last.white() & last.open().above(fourth.open()) & last.close().above(fourth.high()))
	},
})
