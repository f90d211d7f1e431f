package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// GravestoneDoji is a doji with an upper shadow alone.
var GravestoneDoji = indicator(figure{
	name: "cdlgravestonedoji", title: "Gravestone Doji",
	doc: `A session that rose and came all the way back: a doji with an upper shadow and as good as no lower one.

100, which is no direction: it counts as bearish after a rise, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	unit: ta.Ratio, candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.bullish(only.doji() & only.bareBottom() & only.upperShadow().above(only.trace()))
	},
})
