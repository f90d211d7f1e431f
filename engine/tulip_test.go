package engine_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

// What Tulip has and TA-Lib lacks gives Tulip's own figures, to the three decimals
// that they are published in.
func TestTulip(t *testing.T) {
	var tulip struct {
		Series map[string][]float64
		Cases  []struct {
			Name   string
			Params map[string]any
			Begin  int // the bar of the first figure
			Out    map[string][]float64
		}
	}
	b, err := os.ReadFile("testdata/tulip.json")
	if err == nil {
		err = json.Unmarshal(b, &tulip)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range tulip.Cases {
		i := slices.IndexFunc(engine.Indicators(), func(ind *ta.Indicator) bool { return ind.Name == c.Name })
		if i < 0 {
			t.Errorf("there is no %s", c.Name)
			continue
		}
		ind := engine.Indicators()[i]
		a, err := ind.Args(c.Params)
		if err != nil {
			t.Fatal(err)
		}
		out := ind.Run(a, given(t, ind, []string{"close", "open"}, tulip.Series))
		for k, o := range ind.Outputs {
			want := c.Out[o.Name]
			if len(want) != len(out[k])-c.Begin {
				t.Fatalf("%s: %d figures of %s from bar %d", c.Name, len(want), o.Name, c.Begin)
			}
			for i, w := range want {
				if got := out[k][c.Begin+i]; !(math.Abs(got-w) <= 0.0005+1e-9) {
					t.Errorf("%s: %s of bar %d is %v, want %v", c.Name, o.Name, c.Begin+i, got, w)
				}
			}
		}
	}
}
