// Package pattern has the patterns of candlesticks, one in each file. A file
// says in candle's vocabulary what the pattern looks like; figure makes an
// indicator of it, and chart draws the candles.
package pattern

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{
	TwoCrows, ThreeBlackCrows, ThreeInside, ThreeLineStrike, ThreeOutside, ThreeStarsInSouth, ThreeWhiteSoldiers,
	AbandonedBaby, AdvanceBlock, BeltHold, Breakaway, ClosingMarubozu, ConcealingBabySwallow, Counterattack,
	DarkCloudCover, Doji, DojiStar, DragonflyDoji, Engulfing, EveningDojiStar, EveningStar, GapSideSideWhite,
	GravestoneDoji, Hammer, HangingMan, Harami, HaramiCross, HighWave, Hikkake, HikkakeMod, HomingPigeon,
	IdenticalThreeCrows, InNeck, InvertedHammer, Kicking, KickingByLength, LadderBottom, LongLeggedDoji, LongLine,
	Marubozu, MatchingLow, MatHold, MorningDojiStar, MorningStar, OnNeck, Piercing, RickshawMan,
	RiseFallThreeMethods, SeparatingLines, ShootingStar, ShortLine, SpinningTop, StalledPattern, StickSandwich,
	Takuri, TasukiGap, Thrusting, Tristar, UniqueThreeRiver, UpsideGapTwoCrows, XSideGapThreeMethods,
}
