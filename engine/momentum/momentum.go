// Package momentum has the indicators of the speed and strength of moves, one
// in each file.
package momentum

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{
	ADX, Aroon, CCI, MACD, MFI, MinusDI, Mom, PlusDI, ROC, RSI, Stoch, StochF, WillR,
	AC, ADXR, AO, APO, AroonOsc, BOP, CMO, CMOU, Coppock, DPO, DX, ER, ERI, FOSC, Fractal, IMI, KDJ,
	MACDExt, MACDFix, MinusDM, PlusDM, PPO, QStick, ROCP, ROCR, ROCR100, SMI, StochRSI, TRIX, TSI,
	UltOsc, VHF, Vortex, WAD,
	KST, PMO, STC, ConnorsRSI, Fisher,
}
