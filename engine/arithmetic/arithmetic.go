// Package arithmetic has the functions of a series, value by value, and those
// of two series.
package arithmetic

import (
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// Indicators lists them all.
var Indicators = slices.Concat(transforms(), []*ta.Indicator{
	Add, Sub, Mult, Div, CumSum, Abs, ToDeg, ToRad, Lag, CrossOver, CrossAny, Decay, EDecay,
})
