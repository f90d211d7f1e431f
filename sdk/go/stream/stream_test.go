package stream

import (
	"errors"
	"math"
	"strings"
	"testing"

	plugin "github.com/gravitywavesml/gravity_techanalysis/sdk/go"
)

// weighted is a sum of all prices so far, and fails where it becomes too large.
func weighted() *Indicator {
	return &Indicator{
		Spec: plugin.Spec{
			Name: "weighted", Inputs: []plugin.Input{plugin.Close, plugin.Open},
			Params: []plugin.Param{
				plugin.Integer("by", 2, 1, 10, ""),
				plugin.Number("most", 100, 0, 1000, ""),
				plugin.Choice("of", []string{"close", "open"}, ""),
			},
			Outputs: []plugin.Output{{Name: "sum"}, {Name: "even"}},
		},
		Begin: func(s *Series) Next {
			sum, of, bars := 0.0, 0, 0
			if s.Choice("of") == "open" {
				of = 1
			}
			return func(in, out []float64) error {
				sum += in[of] * float64(s.Int("by"))
				if sum > s.Param("most") {
					return plugin.Code(4)
				}
				out[0] = sum
				if bars++; bars%2 == 0 {
					out[1] = sum
				}
				return nil
			}
		},
	}
}

// TestBarsOfColumns: each series begins anew, each bar without values, and the
// parameters are the call's.
func TestBarsOfColumns(t *testing.T) {
	columns := map[plugin.Input][]float64{plugin.Close: {1, 2, 3, 4}, plugin.Open: {5, 5, 5, 5}}
	ind := weighted()
	none := math.NaN()
	for range 2 {
		for name, c := range map[string]struct {
			params    map[string]float64
			sum, even []float64
			err       error
		}{
			"defaults": {nil, []float64{2, 6, 12, 20}, []float64{none, 6, none, 20}, nil},
			"given":    {map[string]float64{"by": 3, "of": 1}, []float64{15, 30, 45, 60}, []float64{none, 30, none, 60}, nil},
			"fails":    {map[string]float64{"most": 11}, nil, nil, plugin.Code(4)},
		} {
			got, err := ind.Compute(c.params, columns)
			if !errors.Is(err, c.err) {
				t.Fatalf("%s: %v, want %v", name, err, c.err)
			}
			for i := range c.sum {
				if got["sum"][i] != c.sum[i] || got["even"][i] != c.even[i] && c.even[i] == c.even[i] {
					t.Errorf("%s: %v, want %v and %v", name, got, c.sum, c.even)
					break
				}
				if c.even[i] != c.even[i] && got["even"][i] == got["even"][i] {
					t.Errorf("%s: bar %d has the value %v of another", name, i, got["even"][i])
				}
			}
		}
	}
}

func TestWhatIsMissingPanics(t *testing.T) {
	s := &Series{&weighted().Spec, []float64{1, 2, 0}}
	for want, use := range map[string]func(){
		"no parameter bi": func() { s.Param("bi") },
		"no Begin":        func() { Register(Indicator{Spec: plugin.Spec{Name: "x"}}) },
		"is the second":   func() { Register(*weighted()); Register(*weighted()) },
	} {
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, want) {
					t.Errorf("panics with %q, want %q", said, want)
				}
			}()
			use()
		}()
	}
}
