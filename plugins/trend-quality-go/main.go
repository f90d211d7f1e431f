// Trend_quality measures how fast a price grows and how straight its path is.
package main

import (
	"math"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
)

var indicator = plugin.Indicator{
	Spec: plugin.Spec{
		Name:    "trend_quality",
		Version: "1.0.0",
		Title:   "Trend quality",
		Doc: "Growth per bar along a regression line through the logarithm of the price, and how well the line fits. " +
			"Their product ranks markets: a fast but ragged trend scores no more than a slow and straight one. " +
			"After Andreas Clenow, Stocks on the Move. A price of zero or below counts as missing.",
		Group:  plugin.GroupMomentum,
		Inputs: []plugin.Input{plugin.Real},
		Params: []plugin.Param{plugin.Integer("period", 90, 3, 500, "bars that the line goes through")},
		Outputs: []plugin.Output{
			{Name: "growth", Unit: plugin.Percent, Doc: "percent per bar along the line"},
			{Name: "fit", Unit: plugin.Ratio, Doc: "share of the movement that the line explains, 0 to 1"},
			{Name: "score", Unit: plugin.Percent, Doc: "growth times fit"},
		},
		Memory: plugin.Window,
		Warmup: "period - 1",
	},
	Run: run,
}

func init() { plugin.Register(indicator) }

func main() {}

func run(c *plugin.Call) error {
	n := c.Int("period")
	growth, fit, score := c.Out("growth"), c.Out("fit"), c.Out("score")
	steps := make([]float64, 0, c.Bars()) // logarithm of each price over the one before
	last := math.NaN()
	for i, price := range c.In("real") {
		if !(price > 0) {
			continue
		}
		steps = append(steps, math.Log(price/last)) // the first is NaN and never used
		last = price
		if len(steps) < n {
			continue
		}
		slope, explained := line(steps[len(steps)-n+1:])
		growth[i] = 100 * math.Expm1(slope)
		fit[i] = explained
		score[i] = growth[i] * explained
	}
	return nil
}

// line fits a straight line to the path that begins at 0 and goes on by steps.
// It returns the slope of the line and the share of the path's variance that
// the line explains, 0 for a path that stays where it is.
//
// Plain sums do: because the path begins at 0, its variance cannot be small
// beside its squares.
func line(steps []float64) (slope, explained float64) {
	n := float64(len(steps) + 1)
	var y, sumY, sumXY, sumYY float64
	for i, step := range steps {
		x := float64(i+1) - (n-1)/2 // time, counted from the middle
		y += step
		sumY += y
		sumXY += x * y
		sumYY += y * y
	}
	sumXX := n * (n*n - 1) / 12
	slope = sumXY / sumXX
	if variance := sumYY - sumY*sumY/n; variance > 0 {
		explained = min(1, slope*sumXY/variance)
	}
	return slope, explained
}
