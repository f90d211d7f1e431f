package pattern

// StickSandwich is a white candle between two black ones with one close.
var StickSandwich = indicator(figure{
	name: "cdlsticksandwich", title: "Stick Sandwich",
	doc: `A floor that was come back to: a black candle, a white one that stays above its close, and a black one that closes where the first did.

100 on the third candle. It is meant for the bottom of a fall, which is for the caller to judge.

G. L. Morris, CandlePower, 1992.`,
	candles: 3, over: 5,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		c.bullish(first.black() & second.white() & third.black() & second.low().above(first.close()) &
			c.within(third.close(), first.close(), first.equal()))
	},
})
