package wasm

import (
	"math/rand/v2"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// market is how the prices of a walk move.
type market struct {
	gap, move float64 // the most between two bars, and within one, as a part of the price
	session   int     // bars of a day, an hour each
	low, high float64 // beyond these it begins anew; 0 for never
}

// calm is the market that each module is tried in, wild the one of Prove: a price
// may double in a week, and jumps from one bar to the next.
var (
	calm = market{gap: 0.005, move: 0.02, session: 13}
	wild = market{gap: 0.1, move: 0.15, session: 7, low: 1, high: 10_000}
)

// walk makes n bars of the calm market.
func walk(inputs []ta.Input, n int, seed uint64) ta.Columns { return calm.walk(inputs, n, seed) }

// walk makes n bars of a random walk and reads the inputs from them. The same
// seed gives the same bars on every machine: it takes sums and products only.
func (m market) walk(inputs []ta.Input, n int, seed uint64) ta.Columns {
	random := rand.New(rand.NewPCG(seed, 0))
	step := func(most float64) float64 { return most * (2*random.Float64() - 1) }
	bars := make(map[ta.Input][]float64, len(ta.Inputs))
	for _, name := range ta.Inputs {
		bars[name] = make([]float64, n)
	}
	const monday, hour = 1_704_067_200, 3600
	price, other := 100.0, 50.0
	for i := range n {
		if m.high > 0 && (price < m.low || price > m.high) {
			price = 100
		}
		open := price * (1 + step(m.gap))
		price = open * (1 + step(m.move))
		other *= 1 + step(0.02)
		bars[ta.Open][i], bars[ta.Close][i] = open, price
		bars[ta.High][i] = max(open, price) * (1 + 0.01*random.Float64())
		bars[ta.Low][i] = min(open, price) * (1 - 0.01*random.Float64())
		bars[ta.Volume][i] = float64(1_000 + random.IntN(100_000))
		bars[ta.Periods][i] = float64(2 + random.IntN(29))
		bars[ta.Timestamp][i] = float64(monday + (i/m.session*24+i%m.session)*hour) // and nothing between two sessions
		bars[ta.Real1][i] = other
	}
	bars[ta.Real], bars[ta.Real0] = bars[ta.Close], bars[ta.Close]
	columns := make(ta.Columns, len(inputs))
	for i, name := range inputs {
		columns[i] = append([]float64(nil), bars[name]...) // real and close are the same, and may both be asked for
	}
	return columns
}
