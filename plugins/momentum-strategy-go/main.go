// Momentum_strategy holds what has risen and sells what has fallen, the less of it
// the more it moves.
package main

import (
	"math"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
	"github.com/gravitywavesml/gravity_techanalysis/sdk/go/stream"
)

var indicator = stream.Indicator{
	Spec: plugin.Spec{
		Name:    "momentum_strategy",
		Version: "1.1.0",
		Title:   "Time-series momentum",
		Doc: "A strategy: long what has risen over the lookback, short what has fallen, with so much of the equity that it moves as much a year as the target says. " +
			"It decides at every so many bars, the first time when the lookback is full, and keeps to it in between. " +
			"After Moskowitz, Ooi and Pedersen, Time Series Momentum, 2012. A price of zero or below counts as missing.",
		Group:  plugin.GroupMomentum,
		Inputs: []plugin.Input{plugin.Real},
		Params: []plugin.Param{
			plugin.Integer("lookback", 252, 2, 1000, "bars over which the price has risen or fallen"),
			plugin.Integer("hold", 21, 1, 250, "bars from one decision to the next"),
			plugin.Number("target", 20, 1, 1000, "volatility that a position is to have, in percent a year"),
			plugin.Number("memory", 60, 1, 500, "bars that the returns in the volatility are old, on average"),
			plugin.Number("bars_per_year", 252, 1, 1e6, "bars in a year: 252 for days of an exchange, 365 for days without weekends"),
		},
		Outputs: []plugin.Output{
			{Name: "signal", Unit: plugin.Signal, Doc: "part of the equity to hold, below zero short, -1 to 1"},
			{Name: "momentum", Unit: plugin.Percent, Doc: "percent that the price has risen over the lookback"},
			{Name: "volatility", Unit: plugin.Percent, Doc: "percent a year that the price moves"},
		},
		Memory: plugin.Running, // which bars are decisions depends on the first one
		Warmup: "lookback",
	},
	Begin: begin,
}

func init() { stream.Register(indicator) }

func main() {}

func begin(s *stream.Series) stream.Next {
	lookback, hold, target, year := s.Int("lookback"), s.Int("hold"), s.Param("target"), s.Param("bars_per_year")
	moves := spread{keep: s.Param("memory") / (1 + s.Param("memory"))}
	prices := make([]float64, lookback+1) // the newest that are not missing, in turn
	last, position := math.NaN(), 0.0
	n := 0
	return func(in, out []float64) error {
		price := in[0]
		if !(price > 0) {
			return nil
		}
		if n > 0 {
			moves.add(price/last - 1)
		}
		last, prices[n%len(prices)] = price, price
		since := n - lookback
		if n++; since < 0 {
			return nil
		}
		momentum := 100 * (price/prices[since%len(prices)] - 1)
		volatility := 100 * math.Sqrt(year*moves.variance())
		if since%hold == 0 {
			position = decide(momentum, volatility, target)
		}
		out[0], out[1], out[2] = position, momentum, volatility
		return nil
	}
}

// decide is the position for what the price has done: all of the equity at most,
// and of what moves more than the target as much less.
func decide(momentum, volatility, target float64) float64 {
	switch {
	case momentum > 0:
		return min(1, target/volatility)
	case momentum < 0:
		return -min(1, target/volatility)
	}
	return 0
}
