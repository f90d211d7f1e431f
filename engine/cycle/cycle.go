// Package cycle has the indicators of the market's dominant cycle, one in each
// file.
package cycle

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{DCPeriod, DCPhase, Phasor, SineWave, TrendMode, MSW}

// source is where all of them are from, and what they share.
const source = `

As in TA-Lib the filters start from nothing some bars before the first value, which are therefore not yet free of it. Of a price that does not move there is no cycle, and what is given then is rounding's.

J. F. Ehlers, Rocket Science for Traders, 2001.`
