package price

import (
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// AvgPrice is the mean of a bar's four prices.
var AvgPrice = mean("avgprice", "Average Price",
	`The mean of the four prices of a bar.

(open + high + low + close) / 4.

S. B. Achelis, Technical Analysis from A to Z, 1995.`,
	[]ta.Input{ta.Open, ta.High, ta.Low, ta.Close}, average)

// average sets dst to the mean of four prices.
func average(dst []float64, in ta.Columns) {
	roll.Add(dst, in[0], in[1])
	roll.Add(dst, dst, in[2])
	roll.Add(dst, dst, in[3])
	roll.Scale(dst, dst, 0.25)
}
