package pattern

// Kicking are two opposite marubozu with a gap between them.
var Kicking = indicator(figure{
	name: "cdlkicking", title: "Kicking",
	doc: `A market that has changed its mind overnight: a marubozu, and one of the opposite colour beyond a gap on the side of that colour.

100 on the second candle where it is white, −100 where it is black. The trend before it does not matter.

G. L. Morris, CandlePower, 1992.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		c.toward(second.white(), kick(first, second))
	},
})
