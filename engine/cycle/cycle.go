// Package cycle has the indicators of the market's dominant cycle, one in each
// file.
package cycle

import "github.com/gravitywavesml/gravity_techanalysis/engine/ta"

// Indicators lists them all.
var Indicators = []*ta.Indicator{DCPeriod, DCPhase, Phasor, SineWave, TrendMode, MSW, EhlersCycle, EhlersPhase, EhlersSine}

// source is where all of them are from, and what they share.
const source = `

As in TA-Lib the filters start from nothing some bars before the first value, which are therefore not yet free of it. Of a price that does not move there is no cycle, and what is given then is rounding's.

J. F. Ehlers, Rocket Science for Traders, 2001.`

// own is what the cycles as Ehlers wrote them share.
const own = `

The price is (high + low) / 2, and the filters start with the sixth bar: TA-Lib has any series in its place, the close unless told, and starts with the 13th bar or the 38th. The first values are withheld as long as TA-Lib's are, until most of the start has faded.

J. F. Ehlers, Rocket Science for Traders, 2001.`
