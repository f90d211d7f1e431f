package pattern

// Piercing is a white candle that comes up through half of a black one.
var Piercing = indicator(figure{
	name: "cdlpiercing", title: "Piercing Pattern",
	doc: `A fall that opened lower still and was bought back: a long black candle, then a long white one that opens below its low and closes within its body, above the middle.

100 on the second candle. It is meant for the bottom of a fall, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	candles: 2, over: 10, part: 0.5,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.bullish(neck(first, second) & second.long() & second.close().below(first.open()) &
			second.close().above(c.plus(first.close(), first.part())))
	},
})
