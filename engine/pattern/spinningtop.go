package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// SpinningTop is a short body between longer shadows.
var SpinningTop = indicator(figure{
	name: "cdlspinningtop", title: "Spinning Top",
	doc: `A session that neither side won: a short body, with two shadows that are each longer than it.

100 for a white candle, −100 for a black one, which is a colour and no direction.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	unit: ta.Ratio, candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.toward(only.white(), only.short()&only.upperShadow().above(only.body())&only.lowerShadow().above(only.body()))
	},
})
