package pattern

// Counterattack are two long candles that meet at their closes.
var Counterattack = indicator(figure{
	name: "cdlcounterattack", title: "Counterattack",
	doc: `A session that began far off and came all the way back: two long candles of opposite colours with equal closes.

100 where the second candle is white, −100 where it is black. It is meant for the end of a trend, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.toward(second.white(), (first.white()^second.white())&first.long()&second.long()&
			c.within(second.close(), first.close(), first.equal()))
	},
})
