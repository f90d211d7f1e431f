package candle

import (
	"math"
	"sync"
)

// derived is a column that is computed when it is first asked for.
type derived struct {
	once sync.Once
	col  []float64
}

// Column returns the column of that name, one of Columns. It is false when the
// candles do not have it, or lack a column that it is derived from. A derived
// column is computed once and shared by those who ask: do not write to it.
func (s *Series) Column(name string) ([]float64, bool) {
	var col []float64
	switch name {
	case "open":
		col = s.Open
	case "high":
		col = s.High
	case "low":
		col = s.Low
	case "close":
		col = s.Close
	case "volume":
		col = s.Volume
	case "hl2":
		col = s.hl2.mean(s.High, s.Low)
	case "hlc3":
		col = s.hlc3.mean(s.High, s.Low, s.Close)
	case "ohlc4":
		col = s.ohlc4.mean(s.Open, s.High, s.Low, s.Close)
	case "timestamp":
		col = s.seconds.of(s.Time)
	}
	return col, col != nil
}

// mean is the mean of the columns, bar by bar, added from the first to the
// last; it is nil when one of them is.
func (d *derived) mean(cols ...[]float64) []float64 {
	d.once.Do(func() {
		for _, c := range cols {
			if c == nil {
				return
			}
		}
		d.col = make([]float64, len(cols[0]))
		for i := range d.col {
			d.col[i] = mean(cols, i)
		}
	})
	return d.col
}

// of is milliseconds in seconds; it is nil when they are.
func (d *derived) of(times []int64) []float64 {
	d.once.Do(func() {
		if times == nil {
			return
		}
		d.col = make([]float64, len(times))
		for i, ms := range times {
			d.col[i] = float64(ms) / 1000
		}
	})
	return d.col
}

func mean(cols [][]float64, i int) float64 {
	n := float64(len(cols))
	sum := cols[0][i]
	for _, c := range cols[1:] {
		sum += c[i]
	}
	if !math.IsInf(sum, 0) {
		return sum / n
	}
	// The prices are finite and their sum is not: an indicator is never given an
	// infinite value, so divide before adding.
	sum = 0
	for _, c := range cols {
		sum += c[i] / n
	}
	return min(sum, math.MaxFloat64)
}
