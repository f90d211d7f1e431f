// Package volume has the indicators of what was traded, one in each file.
package volume

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{
	AD, ADOsc, OBV, CMF, EFI, MarketFI, NVI, PVI, PVO, PVT, RVol, VWAP, VWMACD, EOM, VOsc, KVO,
	VWAPSession, VWAPAnchored, VolumeProfile,
}
