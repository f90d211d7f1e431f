// Package engine is the list of all indicators that the product computes
// itself.
package engine

import (
	"slices"

	"github.com/gravitywavesml/gravity_techanalysis/engine/arithmetic"
	"github.com/gravitywavesml/gravity_techanalysis/engine/cycle"
	"github.com/gravitywavesml/gravity_techanalysis/engine/momentum"
	"github.com/gravitywavesml/gravity_techanalysis/engine/overlap"
	"github.com/gravitywavesml/gravity_techanalysis/engine/pattern"
	"github.com/gravitywavesml/gravity_techanalysis/engine/price"
	"github.com/gravitywavesml/gravity_techanalysis/engine/statistic"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/engine/volatility"
	"github.com/gravitywavesml/gravity_techanalysis/engine/volume"
)

// Version is the version of the figures: any change of any bit of any output
// changes it, and so forgets every cached result.
const Version = "1.8.0"

// Indicators lists every indicator, group by group.
func Indicators() []*ta.Indicator {
	return slices.Concat(
		overlap.Indicators,
		momentum.Indicators,
		volatility.Indicators,
		volume.Indicators,
		cycle.Indicators,
		statistic.Indicators,
		price.Indicators,
		arithmetic.Indicators,
		pattern.Indicators,
	)
}
