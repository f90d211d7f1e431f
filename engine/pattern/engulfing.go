package pattern

// Engulfing is a body around the body before it.
var Engulfing = indicator(figure{
	name: "cdlengulfing", title: "Engulfing Pattern",
	doc: `A session that outdid the one before it both ways and took the other side: two candles of opposite colours, the second body reaching as far as the first at both ends and beyond it at one.

100 on the second candle where it is white, −100 where it is black; 80 or −80 where the bodies meet at one end. It is meant for the end of a trend, which is for the caller to judge. The first value is at bar 2, as in TA-Lib.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, wait: 1,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		opensBelow, opensAbove := second.open().below(first.close()), second.open().above(first.close())
		closesBelow, closesAbove := second.close().below(first.open()), second.close().above(first.open())
		up := first.black() & second.white() &^ opensAbove &^ closesBelow
		down := first.white() & second.black() &^ opensBelow &^ closesAbove
		c.mark(up&(opensBelow|closesAbove), 80)
		c.mark(down&(opensAbove|closesBelow), -80)
		c.bullish(up & opensBelow & closesAbove)
		c.bearish(down & opensAbove & closesBelow)
	},
})
