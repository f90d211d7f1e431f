package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/plugins"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// momentum is the module of a strategy.
const momentum = "../../plugins/momentum-strategy-go/momentum_strategy.wasm"

// TestBacktestAnswersAsTheService: by file and by HTTP, the same module, candles and
// rules give the same bytes, gas and receipt among them; and the receipt that the
// service gave is one that the command verifies.
func TestBacktestAnswersAsTheService(t *testing.T) {
	module, err := os.ReadFile(momentum)
	if err != nil {
		t.Fatal(err)
	}
	url := service(t, nil)
	post := func(path, contentType string, body []byte) []byte {
		t.Helper()
		res, err := http.Post(url+path, contentType, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode/100 != 2 {
			t.Fatalf("%s: %s %.300s %v", path, res.Status, answer, err)
		}
		return answer
	}
	post("/api/v1/plugins", "application/wasm", module)
	candles := map[string][]json.RawMessage{}
	rows := strings.Split(strings.TrimSpace(string(sample.IBM)), "\n")
	for i, name := range []string{"timestamp", "open", "high", "low", "close", "volume"} {
		for _, row := range rows[1:] {
			cell := strings.Split(row, ",")[i]
			if name == "timestamp" {
				cell = `"` + cell + `T00:00:00Z"`
			}
			candles[name] = append(candles[name], json.RawMessage(cell))
		}
	}
	body, err := json.Marshal(map[string]any{
		"candles":  candles,
		"strategy": map[string]any{"name": "momentum_strategy", "params": map[string]any{"lookback": 90}, "inputs": map[string]any{"real": "hlc3"}},
		"rules":    map[string]any{"fee": 0.001, "fee_fixed": 1, "sides": "long"},
	})
	if err != nil {
		t.Fatal(err)
	}
	served := post("/api/v1/backtests", "application/json", body)
	ibm := file(t, sample.Name, sample.IBM)
	code, out, stderr := runs(nil, "backtest", ibm, "--json", "-s", momentum, "-p", "lookback=90", "-p", "input.real=hlc3", "--fee", "0.001", "--fee-fixed", "1", "--sides", "long")
	if code != exitDone || out != string(served)+"\n" {
		t.Errorf("exit %d, %s\nby file %.300s\nby HTTP %.300s", code, stderr, out, served)
	}
	var answer struct{ Receipt json.RawMessage }
	if err := json.Unmarshal(served, &answer); err != nil {
		t.Fatal(err)
	}
	code, out, stderr = runs(nil, "backtest", ibm, "-s", momentum, "--verify", file(t, "receipt.json", answer.Receipt))
	if code != exitDone || rowsOf(out)["receipt"] != "reproduced" {
		t.Errorf("the service's receipt: exit %d, %s%s", code, out, stderr)
	}
}

// tide is a small strategy, unless code says what Run does: long after a rise, and
// short after a fall.
func tide(code ...byte) []byte {
	if code == nil {
		const f64Sub, i32Eqz = 0xa1, 0x45
		first := wasmtest.Code(wasmtest.Get(wasmtest.Bar), []byte{i32Eqz})
		code = wasmtest.EachBar(wasmtest.Unless(first, wasmtest.Code(wasmtest.Close(0), wasmtest.Close(-1), []byte{f64Sub}), wasmtest.Float(math.NaN())))
	}
	return wasmtest.Guest{
		Name: "tide", Run: code,
		Description: `{"name":"tide","version":"1.0.0","inputs":["close"],"outputs":[{"name":"signal","unit":"none"}],"warmup":1}`,
	}.Build()
}

// TestBacktestReceipt: a receipt is reproduced by its candles and its module, and by
// no other.
func TestBacktestReceipt(t *testing.T) {
	dir := t.TempDir()
	module := file(t, "tide.wasm", tide())
	ibm, receipt := file(t, sample.Name, sample.IBM), filepath.Join(dir, "receipt.json")
	vector := filepath.Join(dir, "run.svg")
	code, out, stderr := runs(nil, "backtest", ibm, "-s", module, "--fee", "0.001", "--receipt", receipt, "--plot", vector, "--trades", "3")
	rows := rowsOf(out)
	if code != exitDone || stderr != "" || rows["strategy"] != "tide 1.0.0" || !strings.HasPrefix(rows["digest"], "sha256:") ||
		rows["candles"] != "3270 bars, 2000-03-01 to 2013-03-01" || !strings.HasPrefix(rows["return"], "-") || !strings.Contains(out, "the last 3 of ") {
		t.Errorf("exit %d, %s\n%s", code, stderr, out)
	}
	picture, err := os.ReadFile(vector)
	if err != nil || !bytes.Contains(picture, []byte("bought and kept")) || !bytes.Contains(picture, []byte("IBM")) {
		t.Errorf("the picture lacks its legend: %v", err)
	}
	text, err := os.ReadFile(receipt)
	if err != nil {
		t.Fatal(err)
	}
	var r compute.Receipt
	if err := json.Unmarshal(text, &r); err != nil || r.Plugin == nil || r.Gas == 0 {
		t.Fatalf("the receipt is %s, %v", text, err)
	}

	changed := func(change func(*compute.Receipt)) string {
		var other compute.Receipt
		if err := json.Unmarshal(text, &other); err != nil {
			t.Fatal(err)
		}
		change(&other)
		b, err := json.Marshal(other)
		if err != nil {
			t.Fatal(err)
		}
		return file(t, "other.json", b)
	}
	bars := bytes.Replace(sample.IBM, []byte("2013-03-01,200.65,"), []byte("2013-03-01,200.66,"), 1)
	for name, c := range map[string]struct {
		args []string
		want string // in the one line that says what differs; "" where nothing does
	}{
		"the same":       {[]string{ibm, "-s", module, "--verify", receipt}, ""},
		"another open":   {[]string{file(t, sample.Name, bars), "-s", module, "--verify", receipt}, "not reproduced: equity, prices.open differ"},
		"other gas":      {[]string{ibm, "-s", module, "--verify", changed(func(r *compute.Receipt) { r.Gas++ })}, "not reproduced: gas differ"},
		"another engine": {[]string{ibm, "-s", module, "--verify", changed(func(r *compute.Receipt) { r.Engine = "0.9.0" })}, "not reproduced: engine differ"},
		"other rules":    {[]string{ibm, "-s", module, "--verify", changed(func(r *compute.Receipt) { r.Rules["fee"] = 0.002 })}, "not reproduced: equity differ"},
		"another module": {
			[]string{ibm, "-s", file(t, "other.wasm", plugins.KeltnerSqueeze), "--verify", receipt}, "is no strategy",
		},
	} {
		code, out, stderr := runs(nil, append([]string{"backtest"}, c.args...)...)
		if c.want == "" {
			if code != exitDone || stderr != "" {
				t.Errorf("%s: exit %d, %s%s", name, code, out, stderr)
			}
			continue
		}
		if code != exitFailed || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q; want exit 1 and a line with %q", name, code, stderr, c.want)
		}
	}
}

// closes is a file of n candles that open and close.
func closes(t *testing.T, n int) string {
	t.Helper()
	w := sample.Walk(n)
	rows := []byte("open,close\n")
	for i := range n {
		rows = append(strconv.AppendFloat(rows, w.Open[i], 'f', -1, 64), ',')
		rows = append(strconv.AppendFloat(rows, w.Close[i], 'f', -1, 64), '\n')
	}
	return file(t, "closes.csv", rows)
}

// TestBacktestLong: more candles than a module has room for are traded, and their
// receipt is reproduced, if it takes them one by one; if not, the one line says how
// many it takes, and how it takes more.
func TestBacktestLong(t *testing.T) {
	g := wasmtest.Strategy("leans")
	wide := file(t, "leans.wasm", g.Build())
	g.OneBar = nil
	narrow := file(t, "leans.wasm", g.Build())
	long, receipt := closes(t, wasm.MaxBars+1), filepath.Join(t.TempDir(), "receipt.json")
	code, out, stderr := runs(nil, "backtest", long, "-s", wide, "--receipt", receipt, "--trades", "1")
	if code != exitDone || !strings.HasPrefix(rowsOf(out)["candles"], "131073 bars") {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	code, out, stderr = runs(nil, "backtest", long, "-s", wide, "--verify", receipt)
	if code != exitDone || rowsOf(out)["receipt"] != "reproduced" {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
	for _, c := range []struct{ file, module, want string }{
		{long, narrow, "leans has room for 131072 bars in a call, and there are 131073: send fewer, or have it export ta_bar, with which it takes 1048576"},
		{file(t, "longer.csv", []byte("close\n"+strings.Repeat("1\n", wasm.MaxSeries+1))), wide, "there are more than 1048576 bars, the most that are taken at once"},
	} {
		code, out, stderr := runs(nil, "backtest", c.file, "-s", c.module)
		if code != exitUsage || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("exit %d, %s%q; want exit 2 and a line with %q", code, out, stderr, c.want)
		}
	}
}

// TestBacktestPage: docs/backtests.md shows what the command prints.
func TestBacktestPage(t *testing.T) {
	t.Chdir("../..") // where the page's reader is
	page, err := os.ReadFile("docs/backtests.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, found := strings.Cut(string(page), "```\n$ techanalysis ")
	command, rest, _ := strings.Cut(block, "\n")
	want, _, ended := strings.Cut(rest, "```\n")
	if !found || !ended {
		t.Fatal("the page shows no command")
	}
	args := strings.Fields(strings.Replace(command, " --plot ibm.png", "", 1))
	if code, out, stderr := runs(nil, args...); code != exitDone || out != want {
		t.Errorf("exit %d, %s\n%s\nand the page shows\n%s", code, stderr, out, want)
	}
}

// TestBacktestUse: wrong use is one line and exit 2; a module that is refused, or
// faults, is exit 1.
func TestBacktestUse(t *testing.T) {
	ibm := file(t, sample.Name, sample.IBM)
	flat := file(t, "flat.csv", []byte("date,close\n2024-01-01,1\n2024-01-02,1\n"))
	good := file(t, "tide.wasm", tide())
	traps := file(t, "traps.wasm", tide(wasmtest.Code(wasmtest.If(wasmtest.Over(3000), wasmtest.Trap()), wasmtest.EachBar(wasmtest.Mean()))...))
	receipt := file(t, "receipt.json", []byte(`{"strategy":"tide","plugin":{"name":"tide","version":"1.0.0","digest":"sha256:00"},"inputs":{"close":{"digest":"sha256:00"}}}`))
	for name, c := range map[string]struct {
		args []string
		code int
		want string
	}{
		"no strategy":          {[]string{ibm}, exitUsage, "--strategy"},
		"no file":              {[]string{"-s", good}, exitUsage, "arg"},
		"a file that is not":   {[]string{"none.csv", "-s", good}, exitUsage, "none.csv"},
		"a module that is not": {[]string{ibm, "-s", "none.wasm"}, exitUsage, "none.wasm"},
		"an unknown native":    {[]string{ibm, "-s", "macdd"}, exitUsage, "did you mean macd"},
		"no strategy by name":  {[]string{ibm, "-s", "macd"}, exitUsage, "macd_signal"},
		"a parameter":          {[]string{ibm, "-s", good, "-p", "x=1"}, exitUsage, `no parameter "x"`},
		"half a parameter":     {[]string{ibm, "-s", good, "-p", "x"}, exitUsage, "parameter=value"},
		"a fee":                {[]string{ibm, "-s", good, "--fee", "1"}, exitUsage, "fee must be a number from 0 to 0.1"},
		"a side":               {[]string{ibm, "-s", good, "--sides", "up"}, exitUsage, "sides must be one of both, long, short"},
		"no opens":             {[]string{flat, "-s", good}, exitUsage, "needs the column open"},
		"a picture":            {[]string{ibm, "-s", good, "--plot", "run.gif"}, exitUsage, "run.gif"},
		"trades":               {[]string{ibm, "-s", good, "--trades", "-1"}, exitUsage, "--trades"},
		"a rule and a receipt": {[]string{ibm, "-s", good, "--verify", receipt, "--fee", "0"}, exitUsage, "--fee and --verify"},
		"a receipt that is no": {[]string{ibm, "-s", good, "--verify", ibm}, exitUsage, "is no receipt"},
		"a column of its own":  {[]string{ibm, "-s", good, "--verify", receipt}, exitUsage, "array of the caller's own"},
		"a refused module":     {[]string{ibm, "-s", file(t, "rubbish.wasm", []byte("rubbish"))}, exitFailed, "refused"},
		"a trap":               {[]string{ibm, "-s", traps}, exitFailed, "trapped"},
	} {
		code, _, stderr := runs(nil, append([]string{"backtest"}, c.args...)...)
		if code != c.code || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q; want exit %d and a line with %q", name, code, stderr, c.code, c.want)
		}
	}
	if code, out, _ := runs(nil, "backtest", ibm, "-s", file(t, "rubbish.wasm", []byte("rubbish")), "--json"); code != exitFailed || !strings.Contains(out, `"gate"`) {
		t.Errorf("a refused module in JSON: exit %d, %s", code, out)
	}
	if code, out, stderr := runs(nil, "backtest", ibm, "-s", good, "--bars", "100"); code != exitDone || rowsOf(out)["trades"] == "" {
		t.Errorf("exit %d, %s%s", code, out, stderr)
	}
}
