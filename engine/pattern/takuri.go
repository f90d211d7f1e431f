package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Takuri is a dragonfly doji with a very long shadow.
var Takuri = indicator(figure{
	name: "cdltakuri", title: "Takuri",
	doc: `A session that fell far and came all the way back: a doji with as good as no upper shadow, and a lower one more than twice as long as its body.

100, which is no direction: it counts as bullish after a fall, which is for the caller to judge.

G. L. Morris, CandlePower, 1992.`,
	unit: ta.Ratio, candles: 1, over: 10, part: 2,
	rule: func(c *chart) {
		only := c.ago(0)
		c.bullish(only.doji() & only.bareTop() & only.lowerShadow().above(only.part()))
	},
})
