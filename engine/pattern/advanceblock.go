package pattern

// AdvanceBlock are three white candles that grow weaker.
var AdvanceBlock = indicator(figure{
	name: "cdladvanceblock", title: "Advance Block",
	doc: `A rise that is about to stall: three white candles, each closing higher and opening within the body before it or near its top. The first is long with a short upper shadow, and the others are weaker in one of four ways: the second body is far shorter than the first and the third no longer than near it; the third is far shorter than the second; bodies shrink while upper shadows are no longer short; or the third is shorter than the second and its upper shadow longer than its body.

−100 on the third candle. It is meant for the top of a rise, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991; what is weaker, as TA-Lib has it.`,
	candles: 3, over: 10,
	rule: func(c *chart) {
		first, second, third := c.ago(2), c.ago(1), c.ago(0)
		one, two, three := first.body(), second.body(), third.body()
		shrinks := three.below(two)
		weaker := two.below(c.less(one, first.far()))&three.below(c.plus(two, second.near())) |
			three.below(c.less(two, second.far())) |
			shrinks&two.below(one)&(third.longUpper()|second.longUpper()) |
			shrinks&third.upperShadow().above(three)
		c.bearish(advance(first, second, third) & first.long() & first.shortUpper() & weaker)
	},
})
