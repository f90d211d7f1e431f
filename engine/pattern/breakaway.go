package pattern

// Breakaway is a gap that runs on for two candles and is then taken back.
var Breakaway = indicator(figure{
	name: "cdlbreakaway", title: "Breakaway",
	doc: `A trend that leapt, went on and is broken: a long candle; one of the same colour beyond a gap between their bodies; two that reach further at both ends, the second of them of that colour too; and a candle of the other colour that closes within the gap.

100 on the fifth candle after a fall, −100 after a rise.

G. L. Morris, CandlePower, 1992.`,
	candles: 5, over: 10,
	rule: func(c *chart) {
		first, second, third, fourth, last := c.ago(4), c.ago(3), c.ago(2), c.ago(1), c.ago(0)
		c.bullish(first.long() & first.black() & second.black() & fourth.black() & last.white() &
			second.bodyBelow(first) & third.lower() & fourth.lower() &
			last.close().above(second.open()) & last.close().below(first.close()))
		c.bearish(first.long() & first.white() & second.white() & fourth.white() & last.black() &
			second.bodyAbove(first) & third.higher() & fourth.higher() &
			last.close().below(second.open()) & last.close().above(first.close()))
	},
})
