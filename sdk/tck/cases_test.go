package tck_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/sdk/tck"
)

func results(t *testing.T, p *plugin, text string) []tck.Result {
	t.Helper()
	c, err := tck.ParseCases([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCases: what is as wanted passes, and of what is not the first bar is told.
func TestCases(t *testing.T) {
	p := mean()
	passed := results(t, p, `{
		"doc": "by hand",
		"inputs": {"close": [1, 2, null, 4, 8]},
		"cases": [
			{"name": "two", "params": {"period": 2}, "outputs": {"mean": [null, 1.5, null, 3, 6]}},
			{"params": {"period": 1, "of": "double"}, "inputs": {"close": [0.1, 0.2]}, "outputs": {"mean": [0.2, 0.4]}},
			{"name": "near", "params": {"period": 3}, "outputs": {"mean": [null, null, null, 2.3333333333333344, 4.666666666666667]}, "ulp": 3}
		]}`)
	for i, want := range []tck.Result{{Name: "two", Bars: 5, Gas: 5}, {Name: "case 2", Bars: 2, Gas: 2}, {Name: "near", Bars: 5, Gas: 5, ULP: 2, Share: 2 * 0x1p-51 / 4.666666666666667}} {
		if got := passed[i]; got != want || !got.Passed() {
			t.Errorf("%+v, want %+v", got, want)
		}
	}

	for name, c := range map[string]struct{ outputs, want string }{
		"another number":       {`"mean": [null, 1.5, null, 3.5, 7]`, "output mean at bar 3 is 3, want 3.5 (1125899906842624 ulp away)"},
		"one bit":              {`"mean": [null, 1.5000000000000002, null, 3, 6]`, "output mean at bar 1 is 1.5, want 1.5000000000000002 (1 ulp away)"},
		"a value for no value": {`"mean": [1, 1.5, null, 3, 6]`, "output mean at bar 0 is NaN, want 1"},
		"no value for a value": {`"mean": [null, 1.5, null, null, 6]`, "output mean at bar 3 is 3, want NaN"},
	} {
		for ulp, fails := range map[string]bool{"0": true, "1": name != "one bit"} {
			r := results(t, p, `{"cases": [{"name": "it", "params": {"period": 2}, "inputs": {"close": [1, 2, null, 4, 8]}, "outputs": {`+c.outputs+`}, "ulp": `+ulp+`}]}`)[0]
			if r.Passed() == fails || fails && r.String() != "it: "+c.want {
				t.Errorf("%s within %s ulp: %s", name, ulp, &r)
			}
		}
	}

	for near, fails := range map[string]bool{"0.0625": false, "0.03125": true} {
		r := results(t, p, `{"cases": [{"params": {"period": 1}, "inputs": {"close": [0, 1, -16]}, "outputs": {"mean": [1, 1, -16]}, "near": `+near+`}]}`)[0]
		if r.Passed() == fails || r.Share != 1.0/16 {
			t.Errorf("within %s: %s, %v", near, &r, r.Share)
		}
	}

	p.run = func(ta.Args, []float64) ([]float64, error) { return []float64{math.Copysign(0, -1), 5e-324}, nil }
	zero := results(t, p, `{"cases": [
		{"inputs": {"close": [1, 2]}, "outputs": {"mean": [0, 5e-324]}},
		{"inputs": {"close": [1, 2]}, "outputs": {"mean": [-5e-324, -5e-324]}, "ulp": 2},
		{"inputs": {"close": [1, 2]}, "outputs": {"mean": [-5e-324, -5e-324]}, "ulp": 1},
		{"inputs": {"close": [1, 2]}, "outputs": {"mean": [1.7976931348623157e308, -1.7976931348623157e308]}, "ulp": 18446744073709551615}
	]}`)
	if zero[0].Passed() || zero[0].Differs.Bar != 0 || !zero[1].Passed() || zero[1].ULP != 2 || zero[2].Passed() || zero[2].Differs.Bar != 1 || !zero[3].Passed() {
		t.Errorf("around 0: %v", zero)
	}

	p.run = func(ta.Args, []float64) ([]float64, error) { return nil, errors.New("the plugin trapped") }
	if r := results(t, p, `{"cases": [{"inputs": {"close": [1]}, "outputs": {"mean": [1]}}]}`)[0]; r.Passed() || r.String() != "case 1: the plugin trapped" {
		t.Errorf("a trap: %s", &r)
	}
}

// TestFirstDifference is by bar, and then in the order of the description.
func TestFirstDifference(t *testing.T) {
	two := mean()
	two.spec.Outputs = []ta.Output{{Name: "z"}, {Name: "a"}}
	r, err := (&tck.Cases{Cases: []tck.Case{{
		Inputs:  map[ta.Input]tck.Column{ta.Close: {1, 2, 3}},
		Outputs: map[string]tck.Column{"z": {1, 2, 9}, "a": {1, 9, 9}},
	}, {
		Inputs:  map[ta.Input]tck.Column{ta.Close: {1, 2, 3}},
		Outputs: map[string]tck.Column{"z": {1, 9, 9}, "a": {1, 9, 9}},
	}}}).Run(t.Context(), both{two})
	if err != nil || r[0].Differs.Output != "a" || r[0].Differs.Bar != 1 || r[1].Differs.Output != "z" || r[1].Differs.Bar != 1 {
		t.Errorf("%v, %v", r, err)
	}
}

// TestCasesRefused: a file that is wrong is not the plugin's fault.
func TestCasesRefused(t *testing.T) {
	for text, want := range map[string]string{
		``:                            "EOF",
		`[]`:                          "array",
		`{"cases":[]}`:                "there is no case",
		`{"cases":[{"tolerance":1}]}`: `unknown field "tolerance"`,
		`{"inputs":{"close":[1]},"cases":[{"near":1}]}`:                 "near is a share",
		`{"inputs":{"close":[1]},"cases":[{"near":-0.1}]}`:              "near is a share",
		`{"cases":[{"ulp":-1}]}`:                                        "ulp",
		`{"cases":[{"inputs":{"close":["1"]}}]}`:                        "string",
		`{"cases":[{"inputs":{"close":[1e999]}}]}`:                      "1e999",
		`{"cases":[{"inputs":{"close":[1]}}]} {}`:                       "follows",
		`{"cases":[{"inputs":{"close":[1]}}]}`:                          "case 1: it has no outputs",
		`{"cases":[{"name":"x","outputs":{"mean":[1]}}]}`:               "x: the input close is missing",
		`{"inputs":{"open":[1]},"cases":[{}]}`:                          `there is no input "open"`,
		`{"inputs":{"close":[]},"cases":[{}]}`:                          "the input close has 0 bars",
		`{"cases":[{"params":{"length":3}}]}`:                           `no parameter "length"`,
		`{"cases":[{"params":{"period":51}}]}`:                          "period must be",
		`{"inputs":{"close":[1]},"cases":[{"outputs":{"median":[1]}}]}`: `there is no output "median"`,
		`{"inputs":{"close":[1]},"cases":[{"outputs":{"mean":[1,2]}}]}`: "the output mean has 2 bars, and the inputs have 1",
	} {
		c, err := tck.ParseCases([]byte(text))
		if err == nil {
			_, err = c.Run(t.Context(), mean())
		}
		if !errors.Is(err, tck.ErrCases) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
	uneven := mean()
	uneven.spec.Inputs = []ta.Input{ta.Close, ta.Open}
	c, err := tck.ParseCases([]byte(`{"inputs":{"close":[1,2]},"cases":[{"inputs":{"open":[1]}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Run(t.Context(), uneven); !errors.Is(err, tck.ErrCases) || !strings.Contains(err.Error(), "the input open has 1 bars") {
		t.Errorf("columns of different length: %v", err)
	}
}

// TestColumnReadsBack: every float, to the bit, and no value.
func TestColumnReadsBack(t *testing.T) {
	want := tck.Column{0.1, math.Pi, math.Copysign(0, -1), math.MaxFloat64, 5e-324, math.NaN()}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got tck.Column
	if err := json.Unmarshal(b, &got); err != nil || len(got) != len(want) {
		t.Fatalf("%s: %v", b, err)
	}
	for i, w := range want {
		if math.Float64bits(got[i]) != math.Float64bits(w) && w == w || w != w && got[i] == got[i] {
			t.Errorf("%v reads back as %v", w, got[i])
		}
	}
}
