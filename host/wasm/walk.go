package wasm

import (
	"math/rand/v2"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// walk makes n bars of a random walk and reads the inputs from them. The same
// seed gives the same bars on every machine: it takes sums and products only.
func walk(inputs []ta.Input, n int, seed uint64) ta.Columns {
	random := rand.New(rand.NewPCG(seed, 0))
	step := func(most float64) float64 { return most * (2*random.Float64() - 1) }
	bars := make(map[ta.Input][]float64, len(ta.Inputs))
	for _, name := range ta.Inputs {
		bars[name] = make([]float64, n)
	}
	const monday, hour = 1_704_067_200, 3600 // sessions of 13 hours, and nothing between them
	price, other := 100.0, 50.0
	for i := range n {
		open := price * (1 + step(0.005))
		price = open * (1 + step(0.02))
		other *= 1 + step(0.02)
		bars[ta.Open][i], bars[ta.Close][i] = open, price
		bars[ta.High][i] = max(open, price) * (1 + 0.01*random.Float64())
		bars[ta.Low][i] = min(open, price) * (1 - 0.01*random.Float64())
		bars[ta.Volume][i] = float64(1_000 + random.IntN(100_000))
		bars[ta.Periods][i] = float64(2 + random.IntN(29))
		bars[ta.Timestamp][i] = float64(monday + (i/13*24+i%13)*hour)
		bars[ta.Real1][i] = other
	}
	bars[ta.Real], bars[ta.Real0] = bars[ta.Close], bars[ta.Close]
	columns := make(ta.Columns, len(inputs))
	for i, name := range inputs {
		columns[i] = append([]float64(nil), bars[name]...) // real and close are the same, and may both be asked for
	}
	return columns
}
