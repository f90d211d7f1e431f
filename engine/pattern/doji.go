package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Doji is a candle with hardly a body.
var Doji = indicator(figure{
	name: "cdldoji", title: "Doji",
	doc: `A session that ended where it began, buyers and sellers being equal: the body is at most a tenth of the average range.

100, which is no direction: what a doji says depends on what was before it.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	unit: ta.Ratio, candles: 1, over: 10,
	rule: func(c *chart) { c.bullish(c.ago(0).doji()) },
})
