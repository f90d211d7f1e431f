package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// LongLeggedDoji is a doji with a long shadow.
var LongLeggedDoji = indicator(figure{
	name: "cdllongleggeddoji", title: "Long-legged Doji",
	doc: `A session that went far and came back: a doji with a shadow longer than its body on at least one side.

100, which is no direction.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	unit: ta.Ratio, candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.bullish(only.doji() & (only.lowerShadow().above(only.body()) | only.upperShadow().above(only.body())))
	},
})
