package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/engine/roll"
	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
)

const noFigures = "%s has neither golden figures nor a definition in references"

// golden is one file of testdata/golden: what TA-Lib gave.
type golden struct {
	Function string
	Inputs   []string
	Cases    []struct {
		Series          string
		Params          map[string]float64
		Rc              int
		Lookback, Begin int
		Out             map[string][]*float64
	}
}

// naming is how a function of TA-Lib is called here.
type naming struct {
	Name            string
	Inputs          []string
	Params, Outputs map[string]string
}

func read(t testing.TB, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "golden", name+".json"))
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func walks(t testing.TB) map[string]map[string][]float64 {
	var inputs struct {
		Series map[string]map[string][]float64
	}
	read(t, "inputs", &inputs)
	for _, columns := range inputs.Series {
		for i := range columns["close"] {
			columns[string(ta.Periods)] = append(columns[string(ta.Periods)], float64(2+i*7%29))
		}
	}
	return inputs.Series
}

// given are the columns that TA-Lib was given for the inputs of ind. It says
// which one for each series that may be any: a column, or a part of one for
// functions that have no value, or none of interest, at prices.
func given(t *testing.T, ind *ta.Indicator, inputs []string, walk map[string][]float64) (in ta.Columns) {
	t.Helper()
	for i, input := range ind.Inputs {
		name := input.Column()
		switch input {
		case ta.Real, ta.Real0, ta.Real1:
			name = inputs[i]
		case ta.Periods:
			name = string(input)
		}
		name, divisor, _ := strings.Cut(name, "/")
		col := walk[name]
		if divisor != "" {
			d, err := strconv.ParseFloat(divisor, 64)
			if err != nil {
				t.Fatal(err)
			}
			col = slices.Clone(col)
			for bar := range col {
				col[bar] /= d
			}
		}
		in = append(in, col)
	}
	return in
}

// same says whether got is want, by the rule of testdata/golden/README.md.
func same(got []float64, begin int, want []*float64) error {
	if len(got) != begin+len(want) {
		return fmt.Errorf("%d values from bar %d, want %d", len(got), begin, begin+len(want))
	}
	largest := 0.0
	for _, w := range want {
		if w != nil {
			largest = max(largest, math.Abs(*w))
		}
	}
	for i, g := range got {
		if i < begin || want[i-begin] == nil {
			if !math.IsNaN(g) {
				return fmt.Errorf("bar %d is %v, want none", i, g)
			}
			continue
		}
		w := *want[i-begin]
		if d := math.Abs(g - w); !(d <= 1e-9*max(math.Abs(g), math.Abs(w)) || d <= 1e-11*largest) {
			return fmt.Errorf("bar %d is %v, want %v", i, g, w)
		}
	}
	return nil
}

// Every indicator gives TA-Lib's figures, in every case there is.
func TestGolden(t *testing.T) {
	var names map[string]naming
	read(t, "names", &names)
	series := walks(t)
	indicators := map[string]*ta.Indicator{}
	for _, ind := range engine.Indicators() {
		indicators[ind.Name] = ind
	}
	for _, function := range slices.Sorted(maps.Keys(names)) {
		n := names[function]
		t.Run(n.Name, func(t *testing.T) {
			ind := indicators[n.Name]
			if ind == nil {
				t.Fatal("there is no such indicator")
			}
			delete(indicators, n.Name)
			named(t, ind, n)
			var g golden
			read(t, function, &g)
			for _, c := range g.Cases {
				params := map[string]any{}
				for name, v := range c.Params {
					params[n.Params[name]] = v
				}
				args, err := ind.Args(params)
				if err != nil {
					t.Fatal(err)
				}
				if w := ind.Warmup(args); w != c.Begin {
					t.Errorf("%v: the warm-up is %d, want %d", c.Params, w, c.Begin)
				}
				out := ind.Run(args, given(t, ind, g.Inputs, series[c.Series]))
				for name, want := range c.Out {
					i := slices.IndexFunc(ind.Outputs, func(o ta.Output) bool { return o.Name == n.Outputs[name] })
					if err := same(out[i], c.Begin, want); err != nil {
						t.Errorf("%v: %s: %v", c.Params, n.Outputs[name], err)
					}
				}
			}
		})
	}
	for name := range indicators {
		if references[name] == nil {
			t.Errorf(noFigures, name)
		}
	}
}

// named checks that the Spec has the inputs, parameters and outputs of n.
func named(t *testing.T, ind *ta.Indicator, n naming) {
	t.Helper()
	var inputs, params, outputs []string
	for _, i := range ind.Inputs {
		inputs = append(inputs, string(i))
	}
	for _, p := range ind.Params {
		params = append(params, p.Name)
	}
	for _, o := range ind.Outputs {
		outputs = append(outputs, o.Name)
	}
	if !slices.Equal(inputs, n.Inputs) {
		t.Errorf("inputs %v, want %v", inputs, n.Inputs)
	}
	if want := slices.Sorted(maps.Values(n.Params)); !slices.Equal(slices.Sorted(slices.Values(params)), want) {
		t.Errorf("parameters %v, want %v", params, want)
	}
	if want := slices.Sorted(maps.Values(n.Outputs)); !slices.Equal(slices.Sorted(slices.Values(outputs)), want) {
		t.Errorf("outputs %v, want %v", outputs, want)
	}
}

// Every kind of moving average gives TA-Lib's figures, and begins where
// AverageLead says.
func TestGoldenAverages(t *testing.T) {
	var g golden
	read(t, "MA", &g)
	series := walks(t)
	for _, c := range g.Cases {
		kind, n := roll.Averages[int(c.Params["MAType"])], int(c.Params["TimePeriod"])
		x := series[c.Series]["close"]
		out := make([]float64, len(x))
		roll.Kernel(roll.NewAverage(kind, n)).Next(ta.Columns{x}, ta.Columns{out})
		if lead := roll.AverageLead(kind, n); lead != c.Begin {
			t.Errorf("%s over %d begins at bar %d, want %d", kind, n, lead, c.Begin)
		}
		if err := same(out, c.Begin, c.Out["Real"]); err != nil {
			t.Errorf("%s over %d: %v", kind, n, err)
		}
	}
}
