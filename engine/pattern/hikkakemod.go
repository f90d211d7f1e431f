package pattern

// HikkakeMod is a hikkake with two inside candles and a condition on the first.
var HikkakeMod = indicator(figure{
	name: "cdlhikkakemod", title: "Modified Hikkake Pattern",
	doc: `A hikkake that is rarer and meant for turns: two candles each within the range of the one before it, the first of them closing near its low (for a bullish trap) or near its high (for a bearish one), then one that is lower at both ends, or higher. It is sprung by a close beyond the other end of the second inside candle on one of the next three.

100 on the fourth candle of a bullish trap, −100 of a bearish one; 200 or −200 on the candle that springs it. A trap that is sprung or followed by a newer one is over. So no candle older than six bars counts, beside those that tell what is near.

D. L. Chesler, Trading False Moves with the Hikkake Pattern, Active Trader, 2004.`,
	candles: 4 + patience, over: 5, wait: -1, // the first candle is not measured
	rule: func(c *chart) { trapped(c, falseTurn) },
})
