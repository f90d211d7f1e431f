package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// RickshawMan is a doji in the middle of its range.
var RickshawMan = indicator(figure{
	name: "cdlrickshawman", title: "Rickshaw Man",
	doc: `A session that went far both ways and ended where it began: a doji near the middle of its range, both shadows longer than its body.

100, which is no direction.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	unit: ta.Ratio, candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.bullish(only.doji() & only.lowerShadow().above(only.body()) & only.upperShadow().above(only.body()) &^
			only.bottom().above(c.plus(only.middle(), only.near())) &^
			only.top().below(c.less(only.middle(), only.near())))
	},
})
