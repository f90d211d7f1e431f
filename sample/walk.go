package sample

import (
	"math"
	"math/rand/v2"
)

// Columns are market data as columns, oldest bar first and equally long.
type Columns struct {
	Open, High, Low, Close, Volume []float64

	Time []float64 // when a bar began, in Unix seconds
}

// Named is the column of that name, or nil.
func (c Columns) Named(name string) []float64 {
	switch name {
	case "open":
		return c.Open
	case "high":
		return c.High
	case "low":
		return c.Low
	case "close":
		return c.Close
	case "volume":
		return c.Volume
	case "timestamp":
		return c.Time
	}
	return nil
}

// Walk makes n bars of a random walk, for measuring: the same on every
// machine, of any length, and with no bar like the one before, so that a
// processor cannot learn it as it learns a short series repeated. A close moves
// by up to 1 % from one bar to the next, and prices have two decimals as those
// of an exchange have. Bars are minutes, around the clock.
func Walk(n int) Columns {
	c := Columns{
		Open: make([]float64, n), High: make([]float64, n), Low: make([]float64, n),
		Close: make([]float64, n), Volume: make([]float64, n), Time: make([]float64, n),
	}
	random := rand.New(rand.NewPCG(1, 2))
	// The log of the price is drawn back to that of 100, so slowly that no
	// window notices: a long walk stays where a cent is little.
	logPrice := 0.0
	price := func() float64 { return 100 * math.Exp(logPrice) }
	cents := func(v float64) float64 { return math.Round(100*v) / 100 }
	last := cents(price())
	const start, minute = 1_704_067_200, 60 // 2024-01-01, UTC
	for i := range n {
		logPrice = 0.9999*logPrice + 0.02*(random.Float64()-0.5)
		open, end := last, cents(price())
		c.Open[i], c.Close[i] = open, end
		c.High[i] = cents(max(open, end) * (1 + 0.006*random.Float64()))
		c.Low[i] = cents(min(open, end) * (1 - 0.006*random.Float64()))
		c.Volume[i] = float64(1_000 + random.IntN(100_000))
		c.Time[i] = float64(start + i*minute)
		last = end
	}
	return c
}
