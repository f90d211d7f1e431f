// Package momentum has the indicators of the speed and strength of moves, one
// in each file.
package momentum

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{
	ADX, Aroon, CCI, MACD, MFI, MinusDI, Mom, PlusDI, ROC, RSI, Stoch, StochF, WillR,
}
