package pattern

// MatHold is a rise that rests on a mat and goes on.
var MatHold = indicator(figure{
	name: "cdlmathold", title: "Mat Hold",
	doc: `A rise that rests and goes on: a long white candle; a short black one whose body is above its body; two short ones, ever lower at the top, whose bodies come down into that of the first but not deep; and a white one that opens above the close before it and closes above the highs of all that rested.

100 on the fifth candle.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 5, over: 10, penetration: 0.5,
	rule: func(c *chart) {
		first, second, third, fourth, last := c.ago(4), c.ago(3), c.ago(2), c.ago(1), c.ago(0)
		floor := c.less(first.close(), first.part())
		c.bullish(second.bodyAbove(first) & first.white() & first.long() & second.black() &
			second.short() & third.short() & fourth.short() &
			third.bottom().below(first.close()) & third.bottom().above(floor) &
			fourth.bottom().below(first.close()) & fourth.bottom().above(floor) &
			third.top().below(second.open()) & fourth.top().below(third.top()) &
			last.white() & last.open().above(fourth.close()) & last.close().above(second.high()) &
			last.close().above(third.high()) & last.close().above(fourth.high()))
	},
})
