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
	growth, fit, score := c.Out("growth"), c.Out("fit"), c.Out("score")
	last := newWindow(c.Int("period"))
	first := math.NaN()
	for i, price := range c.In("real") {
		if !(price > 0) {
			continue
		}
		if math.IsNaN(first) {
			first = price
		}
		// The logarithm of a ratio does not change when all prices double.
		if l, ok := last.add(math.Log(price / first)); ok {
			growth[i] = 100 * math.Expm1(l.slope())
			fit[i] = l.fit()
			score[i] = growth[i] * fit[i]
		}
	}
	return nil
}
