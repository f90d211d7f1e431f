package price

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// MedPrice is the middle of a bar.
var MedPrice = mean("medprice", "Median Price",
	`The middle of the range of a bar.

(high + low) / 2.

S. B. Achelis, Technical Analysis from A to Z, 1995.`,
	[]ta.Input{ta.High, ta.Low},
	func(dst []float64, in ta.Columns) { roll.Middle(dst, in[0], in[1]) })
