// Package pattern has the patterns of candlesticks, one in each file. A file
// says in candle's vocabulary what the pattern looks like; figure makes an
// indicator of it, and chart draws the candles.
package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{
	BeltHold, ClosingMarubozu, Doji, DragonflyDoji, GravestoneDoji, HighWave, LongLeggedDoji, LongLine, Marubozu, RickshawMan, ShortLine, SpinningTop, Takuri,
}
