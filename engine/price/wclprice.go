package price

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// WclPrice is the price of a bar in which its close counts twice.
var WclPrice = mean("wclprice", "Weighted Close Price",
	`The mean of where a bar reached and where it closed, which counts twice.

(high + low + 2 · close) / 4.

S. B. Achelis, Technical Analysis from A to Z, 1995.`,
	[]ta.Input{ta.High, ta.Low, ta.Close},
	func(dst []float64, in ta.Columns) {
		roll.Add(dst, in[0], in[1])
		roll.MulAdd(dst, in[2], 2, dst)
		roll.Scale(dst, dst, 0.25)
	})
