package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
)

func TestIndicators(t *testing.T) {
	code, out, _ := runs(nil, "indicators")
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if code != exitDone || len(lines) != 1+len(engine.Indicators()) {
		t.Fatalf("exit %d, %d lines", code, len(lines))
	}
	found := false
	for _, line := range lines {
		fields := strings.Fields(line)
		found = found || fields[0] == "macd" && strings.HasSuffix(line, "fast_period=12 slow_period=26 signal_period=9")
	}
	if !found {
		t.Errorf("macd is not listed with its parameters:\n%s", out)
	}

	code, out, _ = runs(nil, "indicators", "--json")
	var list struct {
		Indicators []struct {
			Name, Title, Group string
			Inputs             []string
			Params             []struct {
				Name    string
				Default any
			}
			Warmup int
		}
		Engine string
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != exitDone || len(list.Indicators) != len(engine.Indicators()) || list.Engine != engine.Version {
		t.Fatalf("exit %d, %v, %d indicators", code, err, len(list.Indicators))
	}
	for _, ind := range list.Indicators {
		if ind.Name == "rsi" && (ind.Warmup != 14 || ind.Params[0].Name != "period" || ind.Params[0].Default != 14.0 || ind.Inputs[0] != "real") {
			t.Errorf("rsi is %+v", ind)
		}
	}
}

func TestBench(t *testing.T) {
	code, out, stderr := runs(nil, "bench", "ema", "obv", "--bars", "1000", "--json")
	var results []struct {
		Name     string         `json:"name"`
		Params   map[string]any `json:"params"`
		Bars     int            `json:"bars"`
		NsPerBar float64        `json:"ns_per_bar"`
		Allocs   float64        `json:"allocs"`
	}
	if err := json.Unmarshal([]byte(out), &results); err != nil || code != exitDone || len(results) != 2 {
		t.Fatalf("exit %d, %v, %s%s", code, err, out, stderr)
	}
	ema := results[0]
	if ema.Name != "ema" || ema.Params["period"] != 30.0 || ema.Bars != 1000 || !(ema.NsPerBar > 0) || ema.Allocs < 1 || results[1].Name != "obv" {
		t.Errorf("%+v", results)
	}

	code, out, _ = runs(nil, "bench", "rsi", "--bars", "100")
	if lines := strings.Split(out, "\n"); code != exitDone || len(lines) != 3 || !strings.HasPrefix(lines[1], "rsi ") || !strings.HasSuffix(lines[1], "period=14") {
		t.Errorf("exit %d, %q", code, out)
	}
	// Some natives read what the caller must give: there is something to give.
	code, out, _ = runs(nil, "bench", "mavp", "correl", "--bars", "100")
	if lines := strings.Split(out, "\n"); code != exitDone || len(lines) != 4 {
		t.Errorf("exit %d, %q", code, out)
	}
	for _, args := range [][]string{{"bench", "emma"}, {"bench", "--bars", "0"}, {"bench", "--bars", "1000000"}} {
		if code, _, stderr := runs(nil, args...); code != exitUsage || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %q", args, code, stderr)
		}
	}
}
