package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// DragonflyDoji is a doji with a lower shadow alone.
var DragonflyDoji = indicator(figure{
	name: "cdldragonflydoji", title: "Dragonfly Doji",
	doc: `A session that fell and came all the way back: a doji with a lower shadow and as good as no upper one.

100, which is no direction: it counts as bullish after a fall, which is for the caller to judge.

S. Nison, Japanese Candlestick Charting Techniques, 1991.`,
	unit: ta.Ratio, candles: 1, over: 10,
	rule: func(c *chart) {
		only := c.ago(0)
		c.bullish(only.doji() & only.bareTop() & only.lowerShadow().above(only.trace()))
	},
})
