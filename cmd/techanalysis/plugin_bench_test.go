package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/ta"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
)

// TestPluginBench: every figure is there, and those that are not times are
// right.
func TestPluginBench(t *testing.T) {
	mean := file(t, "mean.wasm", wasmtest.Guest{Name: "mean", OneBar: wasmtest.MeanOfBars()}.Build())
	code, out, stderr := runs(nil, "plugin", "bench", mean, "--json", "--bars", "2000", "--native", "sma:period=2")
	var b struct {
		Plugin struct {
			Name   string
			Report struct {
				GasPerBar float64 `json:"gas_per_bar"`
				Streams   bool
			}
		}
		Params      map[string]float64
		Bars        int
		NsPerBar    float64 `json:"ns_per_bar"`
		Streamed    float64 `json:"ns_per_bar_streamed"`
		GasPerBar   float64 `json:"gas_per_bar"`
		MemoryBytes uint64  `json:"memory_bytes"`
		CompileMs   float64 `json:"compile_ms"`
		FromDiskMs  float64 `json:"from_disk_ms"`
		UploadMs    float64 `json:"upload_ms"`
		Native      struct {
			Name     string
			Params   map[string]float64
			Bars     int
			NsPerBar float64 `json:"ns_per_bar"`
		}
		Ratio float64
	}
	if err := json.Unmarshal([]byte(out), &b); err != nil || code != exitDone || stderr != "" {
		t.Fatalf("exit %d, %v, %s%s", code, err, out, stderr)
	}
	const columns = 2 * 8 * 16_384
	if b.Plugin.Name != "mean" || b.Params["period"] != 2 || b.Bars != 2000 || b.MemoryBytes < columns || b.MemoryBytes > columns+128<<10 {
		t.Errorf("%s", out)
	}
	if beside := b.GasPerBar - b.Plugin.Report.GasPerBar; beside < -1 || beside > 1 {
		t.Errorf("%v gas for each bar, the report has %v", b.GasPerBar, b.Plugin.Report.GasPerBar)
	}
	if !b.Plugin.Report.Streams || !(b.Streamed > 0 && b.NsPerBar > 0 && b.CompileMs > 0 && b.FromDiskMs > 0 && b.UploadMs > b.CompileMs && b.Native.NsPerBar > 0) || b.Ratio != b.NsPerBar/b.Native.NsPerBar {
		t.Errorf("times: %s", out)
	}
	if b.Native.Name != "sma" || b.Native.Params["period"] != 2 || b.Native.Bars != 2000 {
		t.Errorf("beside %+v", b.Native)
	}
}

// TestPluginBenchLarge: calls of a Large module that are streams have room beside the
// stream whose bars are measured, although each may grow to 64 MiB.
func TestPluginBenchLarge(t *testing.T) {
	large := wasmtest.Strategy("large")
	large.Padding = 300 << 10
	code, out, stderr := runs(nil, "plugin", "bench", file(t, "large.wasm", large.Build()), "--bars", "131073")
	rows := rowsOf(out)
	if code != exitDone || !strings.HasSuffix(rows["size"], ", Large") || rows["call"] != "131073 bars" || !strings.Contains(rows["streamed"], "that comes alone") {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
}

func TestPluginBenchTable(t *testing.T) {
	code, out, stderr := runs(nil, "plugin", "bench", file(t, "good.wasm", plugins.KeltnerSqueeze))
	rows := rowsOf(out)
	if code != exitDone || stderr != "" || rows["plugin"] != "keltner_squeeze 1.0.0, period=20 deviations=2 ranges=1.5" || rows["call"] != "1000 bars" ||
		rows["streamed"] != "it takes no single bars" || !strings.HasSuffix(rows["time"], " ns for each bar") || !strings.HasSuffix(rows["ratio"], " times the native's time") {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
}

// TestPluginBenchUse: what cannot be measured is said before it is tried, and a
// call that fails is a no.
func TestPluginBenchUse(t *testing.T) {
	late := file(t, "late.wasm", wasmtest.Guest{Name: "late", Run: wasmtest.Code(
		wasmtest.If(wasmtest.Over(5_000), wasmtest.Loop()), wasmtest.EachBar(wasmtest.Mean()))}.Build())
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--bars", "0"}, exitUsage, "--bars must be from 1 to 1048576"},
		{[]string{"--bars", "1048577"}, exitUsage, "--bars must be from 1 to 1048576"},
		{[]string{"--bars", "131073"}, exitFailed, "late has room for 131072 bars in a call, and there are 131073"},
		{[]string{"--native", "smaa"}, exitUsage, "smaa"},
		{[]string{"--native", "sma:length=3"}, exitUsage, "length"},
		{[]string{"--native", "sma:input.real=open"}, exitUsage, "input"},
		{[]string{"--bars", "5001"}, exitFailed, "a call of 5001 bars: the plugin is out of gas"},
	} {
		code, out, stderr := runs(nil, append([]string{"plugin", "bench", late}, c.args...)...)
		if code != c.code || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: exit %d, %s%q, want exit %d and %s", c.args, code, out, stderr, c.code, c.want)
		}
	}
}

// TestMostLike: a plugin is measured beside a native that reads and gives what
// it does.
func TestMostLike(t *testing.T) {
	price := ta.Output{Name: "x", Unit: ta.Price}
	for name, c := range map[string]struct {
		spec   ta.Spec
		warmup int
	}{
		"an average of the close":  {ta.Spec{Inputs: []ta.Input{ta.Close}, Outputs: []ta.Output{price}, Group: ta.GroupOverlap, Memory: ta.Window}, 19},
		"three outputs of a range": {ta.Spec{Inputs: []ta.Input{ta.High, ta.Low, ta.Close}, Outputs: []ta.Output{price, price, price}, Group: ta.GroupOverlap, Memory: ta.Window}, 38},
		"two series":               {ta.Spec{Inputs: []ta.Input{ta.Real0, ta.Real1}, Outputs: []ta.Output{price}, Group: ta.GroupStatistic, Memory: ta.Window}, 30},
		"a custom one of volume":   {ta.Spec{Inputs: []ta.Input{ta.Close, ta.Volume}, Outputs: []ta.Output{price}, Group: ta.GroupCustom, Memory: ta.Running}, 0},
	} {
		r, err := mostLike(&c.spec, c.warmup)
		if err != nil {
			t.Fatal(err)
		}
		if unlikeInputs(c.spec.Inputs, r.Inputs) != 0 || len(r.Outputs) != len(c.spec.Outputs) || c.spec.Group != ta.GroupCustom && r.Group != c.spec.Group {
			t.Errorf("%s is beside %s, which reads %v and gives %d, of %s", name, r.Name, r.Inputs, len(r.Outputs), r.Group)
		}
	}
	itself, err := mostLike(&ta.Spec{Inputs: []ta.Input{ta.Real}, Outputs: make([]ta.Output, 1), Group: ta.GroupMomentum, Memory: ta.Fading}, 14)
	if err != nil {
		t.Fatal(err)
	}
	if got := itself.Warmup(itself.args); got < 12 || got > 16 {
		t.Errorf("of one with a warm-up of 14, %s, whose warm-up is %d", itself.Name, got)
	}
}
