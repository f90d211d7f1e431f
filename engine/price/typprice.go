package price

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// TypPrice is the typical price of a bar.
var TypPrice = mean("typprice", "Typical Price",
	`The mean of where a bar reached and where it closed.

(high + low + close) / 3.

S. B. Achelis, Technical Analysis from A to Z, 1995.`,
	[]ta.Input{ta.High, ta.Low, ta.Close},
	func(dst []float64, in ta.Columns) { roll.Typical(dst, in[0], in[1], in[2]) })
