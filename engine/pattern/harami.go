package pattern

// Harami is a body within the long one before it.
var Harami = indicator(figure{
	name: "cdlharami", title: "Harami Pattern",
	doc: `A trend that has lost its breath: a long body, and one that is not long and lies within it.

100 on the second candle after a black one, −100 after a white one; 80 or −80 where the bodies meet at an end. It is meant for the end of a trend, which is for the caller to judge. As in TA-Lib the second may have either colour.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		harami(first, second, first.long()&^second.long())
	},
})
