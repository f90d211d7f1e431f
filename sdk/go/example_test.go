package plugin_test

import (
	"fmt"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
)

// Where the close is in the range of its bar, with the function tried out on
// the machine at hand.
func Example() {
	share := plugin.Indicator{
		Spec: plugin.Spec{
			Name:    "range_share",
			Version: "1.0.0",
			Inputs:  []plugin.Input{plugin.High, plugin.Low, plugin.Close},
			Params:  []plugin.Param{plugin.Number("flat", 50, 0, 100, "the value of a bar without a range")},
			Outputs: []plugin.Output{{Name: "share", Unit: plugin.Percent}},
			Memory:  plugin.Window,
		},
		Run: func(c *plugin.Call) error {
			high, low, price, share := c.In("high"), c.In("low"), c.In("close"), c.Out("share")
			for i := range share {
				switch r := high[i] - low[i]; {
				case r > 0:
					share[i] = 100 * (price[i] - low[i]) / r
				case r == 0:
					share[i] = c.Param("flat")
				}
			}
			return nil
		},
	}
	out, err := share.Compute(nil, map[plugin.Input][]float64{
		plugin.High: {4, 7}, plugin.Low: {2, 7}, plugin.Close: {2.5, 7},
	})
	fmt.Println(out["share"], err)
	// Output: [25 50] <nil>
}
