package main

import (
	"math"
	"testing"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
)

// trade runs the strategy over n prices of f, and two bars of lookback unless params
// say otherwise.
func trade(t *testing.T, params map[string]float64, prices []float64) map[string][]float64 {
	t.Helper()
	if params["lookback"] == 0 {
		params["lookback"] = 2
	}
	out, err := indicator.Compute(params, map[plugin.Input][]float64{plugin.Real: prices})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// path is a price that is multiplied by each ratio in turn, again and again.
func path(n int, ratios ...float64) []float64 {
	prices := []float64{64}
	for i := range n - 1 {
		prices = append(prices, prices[i]*ratios[i%len(ratios)])
	}
	return prices
}

func TestSides(t *testing.T) {
	for name, c := range map[string]struct {
		prices []float64
		want   float64
	}{
		"what rises steadily is held with all there is": {path(20, 1.5), 1},
		"what falls steadily is sold short":             {path(20, 0.5), -1},
		"what stands still is left alone":               {path(20, 1), 0},
		"so is what has come back":                      {path(20, 2, 0.5), 0},
	} {
		out := trade(t, map[string]float64{"hold": 1}, c.prices)
		if got := out["signal"]; !math.IsNaN(got[1]) || got[2] != c.want || got[19] != c.want {
			t.Errorf("%s: %v, want %v from bar 2 on", name, got, c.want)
		}
	}
}

// TestVolatility: returns of -1 and 3 percent by turns have a standard deviation of 2
// percent, which is 20 percent a year of a hundred bars; the target is a quarter of
// that, and so is the position. The last returns weigh a little more than others, so
// the memory is long.
func TestVolatility(t *testing.T) {
	params := map[string]float64{"memory": 500, "bars_per_year": 100, "target": 5, "hold": 1, "lookback": 1000}
	out := trade(t, params, path(1001, 0.99, 1.03))
	if v := out["volatility"][1000]; math.Abs(v-20) > 1e-4 {
		t.Errorf("the volatility is %v, want 20", v)
	}
	if s := out["signal"][1000]; math.Abs(s-0.25) > 1e-5 {
		t.Errorf("the position is %v, want 0.25", s)
	}
	if m, want := out["momentum"][1000], 100*(math.Pow(0.99*1.03, 500)-1); math.Abs(m/want-1) > 1e-9 {
		t.Errorf("the momentum is %v, want %v", m, want)
	}
}

// TestHold: between two decisions nothing changes, whatever the price does.
func TestHold(t *testing.T) {
	prices := append(path(12, 2), path(12, 0.5)...)
	out := trade(t, map[string]float64{"hold": 7}, prices)
	var changes []int
	for i := 3; i < len(prices); i++ {
		if out["signal"][i] != out["signal"][i-1] {
			changes = append(changes, i)
		}
	}
	for _, i := range changes {
		if (i-2)%7 != 0 {
			t.Errorf("it decides at bar %d", i)
		}
	}
	if len(changes) < 2 || out["signal"][12] != out["signal"][9] {
		t.Errorf("it decides at %v: %v", changes, out["signal"])
	}
}

func TestHolesAreSkipped(t *testing.T) {
	whole := path(40, 1.1, 0.8, 1.2)
	holed := append(append(append([]float64{}, whole[:12]...), math.NaN(), 0, -1), whole[12:]...)
	params := map[string]float64{"hold": 3, "memory": 5}
	want, got := trade(t, params, whole), trade(t, params, holed)
	for name := range want {
		for _, hole := range []int{12, 13, 14} {
			if !math.IsNaN(got[name][hole]) {
				t.Errorf("%s has a value in a hole", name)
			}
		}
		for i := 12; i < len(whole); i++ {
			if got[name][i+3] != want[name][i] {
				t.Fatalf("%s is %v at bar %d after holes, want %v", name, got[name][i+3], i+3, want[name][i])
			}
		}
	}
}
