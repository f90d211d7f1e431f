package pattern

// HaramiCross is a doji within the long body before it.
var HaramiCross = indicator(figure{
	name: "cdlharamicross", title: "Harami Cross Pattern",
	doc: `A trend that has lost its breath and its mind: a long body, and a doji that lies within it.

100 on the second candle after a black one, −100 after a white one; 80 or −80 where the bodies meet at an end. It is meant for the end of a trend, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		harami(first, second, first.long()&second.doji())
	},
})
