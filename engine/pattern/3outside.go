package pattern

// ThreeOutside is an engulfing pattern that the next candle confirms.
var ThreeOutside = indicator(figure{
	name: "cdl3outside", title: "Three Outside Up/Down",
	doc: `An engulfing pattern that is confirmed: a body, one of the other colour that reaches beyond both its ends, and a close further on in the direction of the second.

100 on the third candle where the second is white (three outside up), −100 where it is black (three outside down). The trend before it is for the caller to judge. The first value is at bar 3, as in TA-Lib.

G. L. Morris, CandlePower, 1992.`,
	candles: 3, wait: 1,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		c.bullish(first.black() & second.white() & second.close().above(first.open()) &
			second.open().below(first.close()) & third.close().above(second.close()))
		c.bearish(first.white() & second.black() & second.close().below(first.open()) &
			second.open().above(first.close()) & third.close().below(second.close()))
	},
})
