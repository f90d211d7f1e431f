package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// HighWave is a short body between very long shadows.
var HighWave = indicator(figure{
	name: "cdlhighwave", title: "High-wave Candle",
	doc: `A session that went far both ways and came back: a short body, with two shadows that are each more than twice as long as it.

100 for a white candle, −100 for a black one, which is a colour and no direction: it says that the market is confused.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	unit: ta.Ratio, candles: 1, over: 10, part: 2,
	rule: func(c *chart) {
		only := c.ago(0)
		c.toward(only.white(), only.short()&only.upperShadow().above(only.part())&only.lowerShadow().above(only.part()))
	},
})
