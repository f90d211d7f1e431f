package pattern

// ConcealingBabySwallow are four black candles, the last around the third.
var ConcealingBabySwallow = indicator(figure{
	name: "cdlconcealbabyswall", title: "Concealing Baby Swallow",
	doc: `A fall in which sellers take the last of what is offered: two black candles with as good as no shadows; a black one whose body is below theirs, with an upper shadow that reaches into the body before; and a black one that covers it, shadows and all.

100 on the fourth candle. It is meant for the bottom of a fall, which is for the caller to judge. As in TA-Lib the first two bodies need not be long.

G. L. Morris, CandlePower, 1992.`,
	candles: 4, over: 10,
	rule: func(c *chart) {
		first, second, third, last := c.ago(3), c.ago(2), c.ago(1), c.ago(0)
		c.bullish(last.outside() & third.bodyBelow(second) &
			first.black() & second.black() & third.black() & last.black() &
			first.bareTop() & first.bareBottom() & second.bareTop() & second.bareBottom() &
			third.upperShadow().above(third.trace()) & third.high().above(second.close()))
	},
})
