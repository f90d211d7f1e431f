package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// trialAnswer is what plugin test --json prints.
type trialAnswer struct {
	Plugin struct{ Name, Digest, State string }
	Laws   []struct {
		Law         string
		Kept, Exact bool
		Broken      string
	}
	Longest struct {
		Bars int
		Why  string
	} `json:"longest_call"`
	Cases struct {
		File    string
		Results []struct {
			Case    string
			Differs *struct {
				Bar       int
				Got, Want *float64
			}
		}
	}
	Passed bool
}

func trialOf(t *testing.T, args ...string) (code int, a trialAnswer) {
	t.Helper()
	code, out, stderr := runs(nil, append([]string{"plugin", "test", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &a); err != nil {
		t.Fatalf("exit %d, %s%s: %v", code, out, stderr, err)
	}
	return code, a
}

// TestPluginTest: a module that keeps every rule passes, and one that does what
// an upload lets through and the rules do not is told which.
func TestPluginTest(t *testing.T) {
	good := file(t, "good.wasm", plugins.KeltnerSqueeze)
	code, out, stderr := runs(nil, "plugin", "test", good)
	rows := rowsOf(out)
	if code != exitDone || stderr != "" || rows["plugin"] != "keltner_squeeze 1.0.0" || rows["causality"] != "kept" || rows["scale"] != "kept" ||
		rows["calls"] != "at most 131072 bars" || rows["cases"] != "none: there is no "+strings.TrimSuffix(good, ".wasm")+"_cases.json" {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	if code, a := trialOf(t, good); code != exitDone || !a.Passed || a.Plugin.Name != "keltner_squeeze" || a.Plugin.State != "" || len(a.Laws) != 7 || a.Longest.Bars != 131072 || a.Cases.Results != nil {
		t.Errorf("exit %d, %+v", code, a)
	}

	// A hole makes the bar after it a hole, too: the mean of two bars does not
	// go on as if the first had not been there.
	mean := file(t, "mean.wasm", wasmtest.Guest{Name: "mean"}.Build())
	code, out, stderr = runs(nil, "plugin", "test", mean)
	if want := "techanalysis: " + mean + ": it breaks the rule of holes\n"; code != exitFailed || stderr != want ||
		!strings.HasPrefix(rowsOf(out)["holes"], "BROKEN at default parameters on the series walk: mean of bar ") {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	code, a := trialOf(t, mean)
	for _, l := range a.Laws {
		if l.Kept != (l.Law != "holes") || l.Kept != (l.Broken == "") {
			t.Errorf("%+v", l)
		}
	}
	if code != exitFailed || a.Passed {
		t.Errorf("exit %d, passed %v", code, a.Passed)
	}
}

// TestPluginTestExample: an example plugin keeps all rules and has cases.
func TestPluginTestExample(t *testing.T) {
	const folder = "../../plugins/keltner-squeeze-assemblyscript/"
	code, out, stderr := runs(nil, "plugin", "test", folder+"keltner_squeeze.wasm")
	want := "2 of 2 as in " + folder + "keltner_squeeze_cases.json; the largest differences are "
	if code != exitDone || stderr != "" || !strings.HasPrefix(rowsOf(out)["cases"], want) {
		t.Errorf("exit %d, %s%s, want %s", code, out, stderr, want)
	}
}

// TestPluginTestOneByOne: what takes single bars may have more of them, and check and
// test say how many.
func TestPluginTestOneByOne(t *testing.T) {
	wide := file(t, "leans.wasm", wasmtest.Strategy("leans").Build())
	_, out, _ := runs(nil, "plugin", "check", wide)
	if got := rowsOf(out)["bars"]; got != "at most 1048576 in a call; over 131072 they are given one by one" {
		t.Errorf("check says %q", got)
	}
	_, out, _ = runs(nil, "plugin", "test", wide)
	if got := rowsOf(out)["calls"]; got != "at most 1048576 bars" {
		t.Errorf("test says %q", got)
	}
	late := wasmtest.Strategy("late")
	late.Run = wasmtest.Code(wasmtest.If(wasmtest.Over(5_000), wasmtest.Loop()), late.Run)
	if _, a := trialOf(t, file(t, "late.wasm", late.Build())); a.Longest.Bars != 5_000 || !strings.Contains(a.Longest.Why, "out of gas") {
		t.Errorf("%+v", a.Longest)
	}
}

// TestPluginTestLongest: a module that has no gas for as many bars as it has
// room for is told how many it has.
func TestPluginTestLongest(t *testing.T) {
	const bars = 5_000
	endless := wasmtest.If(wasmtest.Over(bars), wasmtest.Loop())
	code, a := trialOf(t, file(t, "late.wasm", wasmtest.Guest{Name: "late", Run: wasmtest.Code(endless, wasmtest.EachBar(wasmtest.Mean()))}.Build()))
	if code != exitFailed || a.Longest.Bars != bars || !strings.Contains(a.Longest.Why, "out of gas") {
		t.Errorf("exit %d, %+v, want %d bars", code, a.Longest, bars)
	}
}

// TestPluginTestCases: the file beside the module is found, another may be
// named, and the first bar that differs is told.
func TestPluginTestCases(t *testing.T) {
	const all = `{
		"doc": "by hand",
		"inputs": {"close": [1, 2, 4, 8]},
		"cases": [
			{"name": "means", "outputs": {"mean": [null, 1.5, 3, 6]}},
			{"name": "near", "params": {"period": 7}, "outputs": {"mean": [null, 1.5, 3, 6.000000000000002]}, "ulp": 2}
		]}`
	module := file(t, "mean.wasm", wasmtest.Guest{Name: "mean"}.Build())
	beside := strings.TrimSuffix(module, ".wasm") + "_cases.json"
	if err := os.WriteFile(beside, []byte(all), 0o600); err != nil {
		t.Fatal(err)
	}
	_, out, _ := runs(nil, "plugin", "test", module)
	if got, want := rowsOf(out)["cases"], "2 of 2 as in "+beside+"; the largest differences are 2 ulp, and 3e-16 of the largest value"; got != want {
		t.Errorf("cases: %s, want %s", got, want)
	}

	wrong := file(t, "wrong.json", []byte(strings.NewReplacer("3, 6]", "3, 7]", `"ulp": 2`, `"ulp": 1`).Replace(all)))
	code, out, stderr := runs(nil, "plugin", "test", module, "--cases", wrong)
	for _, want := range []string{
		"0 of 2 as in " + wrong, "DIFFERS means: output mean at bar 3 is 6, want 7 (1125899906842624 ulp away)",
		"DIFFERS near: output mean at bar 3 is 6, want 6.000000000000002 (2 ulp away)",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%s lacks %s", out, want)
		}
	}
	if want := "techanalysis: " + module + ": it breaks the rule of holes, and 2 of 2 cases differ\n"; code != exitFailed || stderr != want {
		t.Errorf("exit %d, %s, want %s", code, stderr, want)
	}
	code, a := trialOf(t, module, "--cases", wrong)
	if d := a.Cases.Results[0].Differs; code != exitFailed || a.Passed || d == nil || d.Bar != 3 || *d.Got != 6 || *d.Want != 7 {
		t.Errorf("exit %d, %+v", code, a.Cases)
	}

	for name, c := range map[string]struct{ file, want string }{
		"no file":        {filepath.Join(t.TempDir(), "gone.json"), "gone.json"},
		"not JSON":       {file(t, "text.json", []byte("means")), "text.json: not cases"},
		"another plugin": {file(t, "other.json", []byte(`{"cases":[{"inputs":{"open":[1]},"outputs":{"mean":[1]}}]}`)), `other.json: not cases for mean: case 1: there is no input "open"`},
	} {
		code, out, stderr := runs(nil, "plugin", "test", module, "--cases", c.file)
		if code != exitUsage || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %s%q, want %s", name, code, out, stderr, c.want)
		}
	}
	if err := os.WriteFile(beside, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := runs(nil, "plugin", "test", module); code != exitUsage || !strings.Contains(stderr, beside) {
		t.Errorf("a broken file beside the module: exit %d, %q", code, stderr)
	}
}
