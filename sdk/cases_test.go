package sdk_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
	"github.com/gravitywavesml/gravity_techanalysis/sdk/tck"
)

var update = flag.Bool("update", false, "write the cases of the example plugins, and the copy of the Go SDK")

// ibm is the last n bars of the sample, without the close of one bar, which is
// a hole.
func ibm(t *testing.T, n int) map[ta.Input][]float64 {
	t.Helper()
	s, err := candle.Read(bytes.NewReader(sample.IBM), candle.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	last := func(col []float64) []float64 { return slices.Clone(col[len(col)-n:]) }
	columns := map[ta.Input][]float64{ta.High: last(s.High), ta.Low: last(s.Low), ta.Close: last(s.Close), ta.Volume: last(s.Volume)}
	columns[ta.Close][n/3] = math.NaN()
	columns[ta.Real], columns[ta.Real0] = columns[ta.Close], columns[ta.Close]
	columns[ta.Real1] = last(s.Open)
	return columns
}

// TestCasesOfPlugins: the cases beside an example plugin are what its definition
// gives, value by value from the bars that it is made of, and the plugin gives
// the same. With -update it writes them.
func TestCasesOfPlugins(t *testing.T) {
	for module, c := range map[string]struct {
		inputs []ta.Input
		bars   int
		near   float64
		params []map[string]any
		want   func(a ta.Args, columns map[ta.Input][]float64) map[string]tck.Column
	}{
		"keltner-squeeze-assemblyscript/keltner_squeeze": {
			[]ta.Input{ta.High, ta.Low, ta.Close}, 90, 1e-13,
			[]map[string]any{nil, {"period": 5.0, "deviations": 1.5, "ranges": 1.0}},
			func(a ta.Args, columns map[ta.Input][]float64) map[string]tck.Column {
				squeeze, width, momentum := keltner(columns, a.Int("period"), a.Float("deviations"), a.Float("ranges"))
				return map[string]tck.Column{"squeeze": squeeze, "width": width, "momentum": momentum}
			},
		},
		"momentum-strategy-go/momentum_strategy": {
			[]ta.Input{ta.Real}, 400, 1e-12,
			[]map[string]any{nil, {"lookback": 100.0, "hold": 10.0, "target": 15.0, "memory": 20.0}},
			func(a ta.Args, columns map[ta.Input][]float64) map[string]tck.Column {
				signal, momentum, volatility := timeSeriesMomentum(columns[ta.Real], a)
				return map[string]tck.Column{"signal": signal, "momentum": momentum, "volatility": volatility}
			},
		},
		"trend-quality-go/trend_quality": {
			[]ta.Input{ta.Real}, 120, 1e-12,
			[]map[string]any{nil, {"period": 10.0}},
			func(a ta.Args, columns map[ta.Input][]float64) map[string]tck.Column {
				growth, fit := trend(columns[ta.Real], a.Int("period"))
				return map[string]tck.Column{"growth": growth, "fit": fit}
			},
		},
		"regime-filter-c/regime_filter": {
			[]ta.Input{ta.High, ta.Low, ta.Close}, 250, 1e-13,
			[]map[string]any{nil, {"period": 5.0, "history": 20.0, "trend": 0.6, "turbulence": 1.25, "hysteresis": 0.1}},
			func(a ta.Args, columns map[ta.Input][]float64) map[string]tck.Column {
				regime, efficiency, heat := regimes(columns, a)
				return map[string]tck.Column{"regime": regime, "efficiency": efficiency, "heat": heat}
			},
		},
		"volume-profile-score-zig/volume_profile_score": {
			[]ta.Input{ta.High, ta.Low, ta.Close, ta.Volume}, 90, 1e-12,
			[]map[string]any{nil, {"period": 10.0, "rows": 12.0, "value": 50.0}},
			func(a ta.Args, columns map[ta.Input][]float64) map[string]tck.Column {
				return asColumns(profileScore(columns, a))
			},
		},
		"pairs-spread-rust/pairs_spread": {
			[]ta.Input{ta.Real0, ta.Real1}, 150, 1e-11,
			[]map[string]any{nil, {"period": 15.0, "prices": "plain"}},
			func(a ta.Args, columns map[ta.Input][]float64) map[string]tck.Column {
				return asColumns(pairs(columns, a))
			},
		},
	} {
		t.Run(filepath.Base(module), func(t *testing.T) {
			path := filepath.Join("..", "plugins", filepath.FromSlash(module)) + "_cases.json"
			plugin := load(t, newSandbox(t), "..", "plugins/"+module+".wasm")
			columns := ibm(t, c.bars)
			want := tck.Cases{
				Doc: fmt.Sprintf("The definition, as sdk/definitions_test.go has it, over the last %d bars of sample/%s, one of them without a close. "+
					"The definition adds in another order than the plugin, so the last digits differ.", c.bars, sample.Name),
				Inputs: map[ta.Input]tck.Column{},
			}
			for _, input := range c.inputs {
				want.Inputs[input] = columns[input]
			}
			for _, params := range c.params {
				args, err := plugin.Spec().Args(params)
				if err != nil {
					t.Fatal(err)
				}
				name := "default parameters"
				if params != nil {
					name = "other parameters"
				}
				want.Cases = append(want.Cases, tck.Case{Name: name, Params: params, Outputs: c.want(args, columns), Near: c.near})
			}
			if *update {
				if err := os.WriteFile(path, written(t, want), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got, err := tck.ParseCases(b)
			if err != nil {
				t.Fatal(err)
			}
			for i := range want.Cases {
				for output, values := range want.Cases[i].Outputs {
					near(t, got.Cases[i].Name+": "+output, got.Cases[i].Outputs[output], values)
				}
			}
			results, err := got.Run(t.Context(), plugin)
			if err != nil {
				t.Fatal(err)
			}
			for i := range results {
				if !results[i].Passed() {
					t.Error(&results[i])
				}
			}
		})
	}
}

func asColumns(of map[string][]float64) map[string]tck.Column {
	columns := map[string]tck.Column{}
	for name, values := range of {
		columns[name] = values
	}
	return columns
}

// written is a file of cases with a line for each column.
func written(t *testing.T, c tck.Cases) []byte {
	t.Helper()
	var b bytes.Buffer
	text := func(v any) []byte {
		line, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return line
	}
	columns := func(indent string, names []string, of func(string) tck.Column) {
		for i, name := range names {
			end := ","
			if i == len(names)-1 {
				end = ""
			}
			fmt.Fprintf(&b, "%s%q: %s%s\n", indent, name, text(of(name)), end)
		}
	}
	fmt.Fprintf(&b, "{\n  \"doc\": %s,\n  \"inputs\": {\n", text(c.Doc))
	var inputs []string
	for name := range c.Inputs {
		inputs = append(inputs, string(name))
	}
	slices.Sort(inputs)
	columns("    ", inputs, func(name string) tck.Column { return c.Inputs[ta.Input(name)] })
	b.WriteString("  },\n  \"cases\": [")
	for i, k := range c.Cases {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "{\n    \"name\": %s,\n", text(k.Name))
		if k.Params != nil {
			fmt.Fprintf(&b, "    \"params\": %s,\n", text(k.Params))
		}
		b.WriteString("    \"outputs\": {\n")
		columns("      ", slices.Sorted(maps.Keys(k.Outputs)), func(name string) tck.Column { return k.Outputs[name] })
		fmt.Fprintf(&b, "    },\n    \"near\": %v\n  }", k.Near)
	}
	b.WriteString("]\n}\n")
	return b.Bytes()
}
