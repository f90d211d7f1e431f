package pattern

// ThreeInside is a harami that the next candle confirms.
var ThreeInside = indicator(figure{
	name: "cdl3inside", title: "Three Inside Up/Down",
	doc: `A harami that is confirmed: a long body, one that is not long and lies within it, and a candle of the other colour than the first that closes beyond its open.

100 on the third candle where it is white (three inside up), −100 where it is black (three inside down). The trend before it is for the caller to judge.

G. L. Morris, CandlePower, 1992.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		found := first.long() &^ second.long() & within(second, first)
		c.bullish(found & first.black() & third.white() & third.close().above(first.open()))
		c.bearish(found & first.white() & third.black() & third.close().below(first.open()))
	},
})
