package plugin

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestDescribe(t *testing.T) {
	tests := []struct {
		name string
		spec Spec
		want string
	}{
		{
			"least",
			Spec{Name: "a", Version: "1.0.0", Inputs: []Input{Close}, Outputs: []Output{{Name: "a", Unit: None}}},
			`{"name": "a", "version": "1.0.0", "inputs": ["close"], "params": [],
			  "outputs": [{"name": "a", "unit": "none"}], "warmup": "0"}`,
		},
		{
			"everything",
			Spec{
				Name: "b", Version: "1.2.3-rc.1", Title: "Bé", Doc: "a \"quoted\"\\\n\x01 line", Group: GroupMomentum,
				Inputs: []Input{High, Timestamp},
				Params: []Param{
					Integer("n", 14, 2, 500, "bars"),
					Number("k", 1.5, -1e-7, 1e300, ""),
					{Name: "m", Default: 28, Min: 2, Max: 500, AtLeast: "n", Integer: true},
					Choice("kind", []string{"sma", "ema"}, "average"),
				},
				Outputs: []Output{{Name: "x", Unit: Price}, {Name: "y", Unit: Signal, Doc: "what to do"}},
				Memory:  Window, Warmup: "2*n - 1",
			},
			`{"name": "b", "version": "1.2.3-rc.1", "title": "Bé", "doc": "a \"quoted\"\\\n\u0001 line",
			  "group": "momentum", "inputs": ["high", "timestamp"],
			  "params": [
			    {"name": "n", "default": 14, "min": 2, "max": 500, "integer": true, "doc": "bars"},
			    {"name": "k", "default": 1.5, "min": -1e-7, "max": 1e300},
			    {"name": "m", "default": 28, "min": 2, "max": 500, "at_least": "n", "integer": true},
			    {"name": "kind", "default": "sma", "choices": ["sma", "ema"], "doc": "average"}],
			  "outputs": [{"name": "x", "unit": "price"}, {"name": "y", "unit": "signal", "doc": "what to do"}],
			  "memory": "window", "warmup": "2*n - 1"}`,
		},
		{
			"not UTF-8",
			Spec{Name: "c\xff", Version: "1.0.0"},
			`{"name": "c\ufffd", "version": "1.0.0", "inputs": [], "params": [], "outputs": [], "warmup": "0"}`,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got, want any
			if err := json.Unmarshal(test.spec.Describe(), &got); err != nil {
				t.Fatalf("%v in %s", err, test.spec.Describe())
			}
			if err := json.Unmarshal([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %s\nwant %s", test.spec.Describe(), test.want)
			}
		})
	}
}

// scaled multiplies the close, and fails with code where it is asked to.
func scaled(fail error) *Indicator {
	return &Indicator{
		Spec: Spec{
			Name: "scaled", Inputs: []Input{Close, Open},
			Params: []Param{
				Integer("by", 2, 1, 10, ""),
				Number("factor", 1, 0, 2, ""),
				Choice("sign", []string{"plus", "minus"}, ""),
			},
			Outputs: []Output{{Name: "product"}},
		},
		Run: func(c *Call) error {
			by := float64(c.Int("by")) * c.Param("factor")
			if c.Choice("sign") == "minus" {
				by = -by
			}
			for i, v := range c.In(Close)[1:] {
				c.Out("product")[i+1] = v * by
			}
			return fail
		},
	}
}

func TestCompute(t *testing.T) {
	columns := map[Input][]float64{Close: {1, 2, 3}, Open: {1, 1, 1}}
	tests := []struct {
		name    string
		params  map[string]float64
		columns map[Input][]float64
		fail    error
		want    []float64 // after the first, which is never filled
		err     string
	}{
		{name: "defaults", columns: columns, want: []float64{4, 6}},
		{name: "given", columns: columns, params: map[string]float64{"by": 3, "sign": 1}, want: []float64{-6, -9}},
		{name: "out of range", columns: columns, params: map[string]float64{"by": 11}, err: "parameter by cannot be 11"},
		{name: "NaN", columns: columns, params: map[string]float64{"factor": math.NaN()}, err: "parameter factor cannot be NaN"},
		{name: "fraction", columns: columns, params: map[string]float64{"by": 1.5}, err: "parameter by cannot be 1.5"},
		{name: "unknown", columns: columns, params: map[string]float64{"bi": 1}, err: "does not have all of the given parameters"},
		{name: "missing column", columns: map[Input][]float64{Close: {1}}, err: "input open is missing"},
		{
			name: "uneven columns", columns: map[Input][]float64{Close: {1}, Open: {1, 2}},
			err: "input open has 2 bars, close has 1",
		},
		{name: "code", columns: columns, fail: Code(7), err: "code 7"},
		{name: "code of success", columns: columns, fail: Code(0), err: "code 1"},
		{name: "any error", columns: columns, fail: errors.New("no"), err: "code 1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := scaled(test.fail).Compute(test.params, test.columns)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Fatalf("error is %v, want %q", err, test.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			product := got["product"]
			if !math.IsNaN(product[0]) {
				t.Errorf("what is not filled is %v, want NaN", product[0])
			}
			if !reflect.DeepEqual(product[1:], test.want) {
				t.Errorf("got %v, want %v", product[1:], test.want)
			}
		})
	}
}

func TestNamesThatTheSpecLacksPanic(t *testing.T) {
	c := &Call{spec: &scaled(nil).Spec}
	for name, use := range map[string]func(){
		"input":       func() { c.In(Volume) },
		"output":      func() { c.Out("sum") },
		"parameter":   func() { c.Param("bi") },
		"no function": func() { Register(Indicator{}) },
		"two in one":  func() { Register(*scaled(nil)); Register(*scaled(nil)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("does not panic")
				}
			}()
			use()
		})
	}
}
