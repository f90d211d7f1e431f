// Package pattern has the patterns of candlesticks, one in each file. A file
// says in candle's vocabulary what the pattern looks like; figure makes an
// indicator of it, and chart draws the candles.
package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{
	BeltHold, ClosingMarubozu, Counterattack, DarkCloudCover, Doji, DojiStar, DragonflyDoji, Engulfing, GravestoneDoji, Hammer, HangingMan, Harami, HaramiCross, HighWave, HomingPigeon, InNeck, InvertedHammer, Kicking, KickingByLength, LongLeggedDoji, LongLine, Marubozu, MatchingLow, OnNeck, Piercing, RickshawMan, SeparatingLines, ShootingStar, ShortLine, SpinningTop, Takuri, Thrusting,
}
