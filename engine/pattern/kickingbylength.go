package pattern

// KickingByLength is kicking, judged by the longer of the two.
var KickingByLength = indicator(figure{
	name: "cdlkickingbylength", title: "Kicking by Length",
	doc: `A market that has changed its mind overnight, or has not: a marubozu and one of the opposite colour beyond a gap on the side of that colour, where the longer of them is taken for the direction.

100 on the second candle where the longer one is white, −100 where it is black; of two equal ones the first counts.

G. L. Morris, CandlePower, 1992; by length, as TA-Lib has it.`,
	candles: 2, over: 10,
	rule: func(c *chart) {
		first, second := c.ago(1), c.ago(0)
		longer := second.body().above(first.body())
		c.toward(second.white()&longer|first.white()&^longer, kick(first, second))
	},
})
