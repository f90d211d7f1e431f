// Package volatility has the indicators of the size of moves, one in each file.
package volatility

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{ATR, NATR, TRange, ADR, CVI, MassI, RVI, Ulcer, HV, Annual}
