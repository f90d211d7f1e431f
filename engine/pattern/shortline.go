package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// ShortLine is a short body between short shadows.
var ShortLine = indicator(figure{
	name: "cdlshortline", title: "Short Line Candle",
	doc: `A session in which little happened: a short body with two short shadows.

100 for a white candle, −100 for a black one, which is a colour and no direction.

G. L. Morris, CandlePower, 1992.`,
	unit: ta.Ratio, candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.toward(only.white(), only.short()&only.shortUpper()&only.shortLower())
	},
})
