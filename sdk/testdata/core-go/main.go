// Core_go is the simple moving average, the exponential one and the relative
// strength index, as TA-Lib defines them, written with the Go SDK. The tests
// hold its answers against the native indicators.
package main

import (
	"math"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
)

func init() {
	plugin.Register(plugin.Indicator{
		Spec: plugin.Spec{
			Name:    "core_go",
			Version: "1.0.0",
			Title:   "SMA, EMA and RSI from Go",
			Doc:     "A simple and an exponential moving average and Wilder's relative strength index of one series.",
			Inputs:  []plugin.Input{plugin.Real},
			Params: []plugin.Param{
				plugin.Integer("sma_period", 20, 1, 100_000, "bars averaged"),
				plugin.Integer("ema_period", 20, 1, 100_000, "bars that seed the average; a value weighs 2/(period+1)"),
				plugin.Integer("rsi_period", 14, 2, 100_000, "bars that seed the gains and losses"),
			},
			Outputs: []plugin.Output{
				{Name: "sma", Unit: plugin.Price},
				{Name: "ema", Unit: plugin.Price},
				{Name: "rsi", Unit: plugin.Percent, Doc: "0 to 100"},
			},
			Memory: plugin.Fading,
			Warmup: "max(max(sma_period, ema_period) - 1, rsi_period)",
		},
		Run: func(c *plugin.Call) error {
			x := c.In("real")
			sma(c.Out("sma"), x, c.Int("sma_period"))
			ema(c.Out("ema"), x, c.Int("ema_period"))
			rsi(c.Out("rsi"), x, c.Int("rsi_period"))
			return nil
		},
	})
}

func main() {}

// sma is the mean of the last n values. A window of n values spans at most two
// blocks of n: the rest of one and the beginning of the next. Adding their sums
// takes a few steps a bar for any n, and unlike a running total it leaves
// nothing behind of a value that has left the window.
func sma(out, x []float64, n int) {
	block := make([]float64, 0, n) // the values of this block so far
	rest := make([]float64, n+1)   // rest[i] is the sum of the last block from its i-th value on
	full := false                  // there has been a block before this one
	sum := 0.0                     // of this block so far
	for i, v := range x {
		if math.IsNaN(v) {
			continue
		}
		block = append(block, v)
		sum += v
		if full || len(block) == n {
			out[i] = (rest[len(block)] + sum) / float64(n)
		}
		if len(block) == n {
			for j := n - 1; j >= 0; j-- {
				rest[j] = rest[j+1] + block[j]
			}
			block, sum, full = block[:0], 0, true
		}
	}
}

// ema begins with the mean of the first n values and then goes 2/(n+1) of the
// way to each new one.
func ema(out, x []float64, n int) {
	weight := 2 / float64(n+1)
	seen, y := 0, 0.0
	for i, v := range x {
		if math.IsNaN(v) {
			continue
		}
		seen++
		switch {
		case seen < n:
			y += v
			continue
		case seen == n:
			y = (y + v) / float64(n)
		default:
			y += weight * (v - y)
		}
		out[i] = y
	}
}

// rsi is the share of gains in all moves, in percent. Both are smoothed as
// Wilder did: the mean of the first n moves, then 1/n of the way to each new one.
func rsi(out, x []float64, n int) {
	seen, gain, loss, last := 0, 0.0, 0.0, math.NaN()
	for i, v := range x {
		if math.IsNaN(v) {
			continue
		}
		up, down := max(v-last, 0), max(last-v, 0)
		first := math.IsNaN(last)
		last = v
		if first {
			continue
		}
		seen++
		if seen <= n {
			gain += up
			loss += down
			if seen < n {
				continue
			}
			gain /= float64(n)
			loss /= float64(n)
		} else {
			gain += (up - gain) / float64(n)
			loss += (down - loss) / float64(n)
		}
		out[i] = 0
		if moves := gain + loss; moves > 0 {
			out[i] = 100 * gain / moves
		}
	}
}
