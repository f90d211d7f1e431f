package pattern

// Hikkake is a false break out of an inside bar.
var Hikkake = indicator(figure{
	name: "cdlhikkake", title: "Hikkake Pattern",
	doc: `A trap for those who trade breakouts: a candle within the range of the one before it, then one that is lower at both ends (a trap for sellers), or higher (for buyers). It is sprung by a close beyond the other end of the inside candle on one of the next three.

100 on the third candle of a bullish trap, −100 of a bearish one; 200 or −200 on the candle that springs it. A trap that is sprung or followed by a newer one is over. So nothing older than five bars counts.

D. L. Chesler, Trading False Moves with the Hikkake Pattern, Active Trader, 2004.`,
	candles: 3 + patience,
	rule:    func(c *chart) { trapped(c, falseBreak) },
})
