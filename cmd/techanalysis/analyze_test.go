package main

import (
	"bytes"
	"context"
	"encoding/json"
	"image/png"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// file writes a file into a folder of the test's own and returns its path.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAnalyzeTable(t *testing.T) {
	code, out, stderr := runs(nil, "analyze", file(t, sample.Name, sample.IBM), "--indicators", "rsi,macd,obv")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if got := strings.Fields(lines[0]); !slices.Equal(got, []string{"date", "close", "rsi", "macd", "macd.signal", "macd.hist", "obv"}) {
		t.Errorf("headings are %q", got)
	}
	last := strings.Fields(lines[tableBars])
	if len(lines) != 1+tableBars+2 || last[0] != "2013-03-01" || last[1] != "202.910" {
		t.Errorf("%d lines, the last bar %q", len(lines), last)
	}
	for _, line := range lines[1 : tableBars+1] {
		if len(line) != len(lines[0]) {
			t.Errorf("not aligned:\n%s\n%s", lines[0], line)
		}
	}
	if note := lines[len(lines)-1]; !strings.Contains(note, "20 of 3270") {
		t.Errorf("the note is %q", note)
	}

	_, out, _ = runs(nil, "analyze", file(t, sample.Name, sample.IBM), "--indicators", "rsi", "--last", "0")
	lines = strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 3271 || !strings.HasSuffix(lines[1], " -") || strings.HasSuffix(lines[15], " -") {
		t.Errorf("--last 0: %d lines, %q, %q", len(lines), lines[1], lines[15])
	}
}

// answer is what POST /api/v1/compute answers.
type answer struct {
	Results map[string]struct {
		Name    string                `json:"name"`
		Params  map[string]any        `json:"params"`
		Warmup  int                   `json:"warmup"`
		Bars    int                   `json:"bars"`
		Outputs map[string][]*float64 `json:"outputs"`
		Engine  string                `json:"engine"`
	} `json:"results"`
}

func analyzeJSON(t *testing.T, args ...string) answer {
	t.Helper()
	code, out, stderr := runs(nil, append([]string{"analyze", "--json"}, args...)...)
	var a answer
	d := json.NewDecoder(strings.NewReader(out))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil || code != exitDone {
		t.Fatalf("exit %d, %s, %v", code, stderr, err)
	}
	return a
}

func TestAnalyzeJSON(t *testing.T) {
	ibm := file(t, sample.Name, sample.IBM)
	a := analyzeJSON(t, ibm, "--indicators", "sma:period=2,sma:period=3:input.real=hl2", "-i", "stoch:slow_d_ma_type=ema")
	sma := a.Results["sma"]
	if len(a.Results) != 3 || sma.Name != "sma" || sma.Params["period"] != 2.0 || sma.Warmup != 1 || sma.Bars != 3270 || sma.Engine == "" {
		t.Errorf("%d results, sma %+v", len(a.Results), sma)
	}
	values := sma.Outputs["sma"]
	// The closes of the first two bars are 100.25 and 103.12.
	if len(values) != 3270 || values[0] != nil || values[1] == nil || math.Abs(*values[1]-101.685) > 1e-9 {
		t.Errorf("%d values of sma, the first %v and %v", len(values), values[0], values[1])
	}
	// The middles of the first three ranges: 102.78, 102.47 and those of the third.
	third := strings.Split(strings.Split(string(sample.IBM), "\n")[3], ",")
	var high, low float64
	if err := json.Unmarshal([]byte("["+third[2]+","+third[3]+"]"), &[]any{&high, &low}); err != nil {
		t.Fatal(err)
	}
	want := (102.78 + 102.47 + (high+low)/2) / 3
	if got := a.Results["sma2"].Outputs["sma"][2]; got == nil || math.Abs(*got-want) > 1e-9 {
		t.Errorf("sma2 of hl2 is %v, want %v", got, want)
	}
	if got := a.Results["stoch"].Params["slow_d_ma_type"]; got != "ema" {
		t.Errorf("slow_d_ma_type is %v", got)
	}

	few := analyzeJSON(t, ibm, "--indicators", "sma:period=2", "--last", "3")
	got := few.Results["sma"].Outputs["sma"]
	if len(got) != 3 || *got[2] != *values[3269] || few.Results["sma"].Bars != 3270 {
		t.Errorf("--last 3 gives %v", got)
	}
}

// TestAnalyzeAnswersAsTheService: the same candles and indicators give the same
// bytes by file and by HTTP.
func TestAnalyzeAnswersAsTheService(t *testing.T) {
	columns := []string{"open", "high", "low", "close", "volume"}
	candles := map[string][]json.Number{}
	for _, row := range strings.Split(strings.TrimSpace(string(sample.IBM)), "\n")[1:] {
		for i, cell := range strings.Split(row, ",")[1:] {
			candles[columns[i]] = append(candles[columns[i]], json.Number(cell))
		}
	}
	body, err := json.Marshal(map[string]any{
		"candles": candles,
		"indicators": []any{
			map[string]any{"name": "rsi"},
			map[string]any{"id": "rsi2", "name": "rsi", "params": map[string]any{"period": 7}},
			map[string]any{"name": "bbands", "params": map[string]any{"ma_type": "ema"}, "inputs": map[string]any{"real": "ohlc4"}},
		},
		"last": 40,
	})
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Post(service(t, nil)+"/api/v1/compute", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	served, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s %s %v", res.Status, served, err)
	}
	code, out, stderr := runs(nil, "analyze", file(t, sample.Name, sample.IBM), "--json", "--last", "40",
		"-i", "rsi,rsi:period=7,bbands:ma_type=ema:input.real=ohlc4")
	if code != exitDone || out != string(served)+"\n" {
		t.Errorf("exit %d, %s\nby file %.300s\nby HTTP %.300s", code, stderr, out, served)
	}
}

// TestAnalyzeStandardInput: what comes in is known by its first bytes, and gives
// what a file of its kind gives.
func TestAnalyzeStandardInput(t *testing.T) {
	closes := []float64{1, 2.5, 2, 4, math.NaN(), 3}
	var arrow bytes.Buffer
	if err := candle.WriteArrow(&arrow, []candle.NamedColumn{{Name: "close", Values: closes}}); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"a.csv":    "close\n1\n2.5\n2\n4\nnull\n3\n",
		"bom.csv":  "\xef\xbb\xbfclose,open\n1,\n2.5,\n2,\n4,\n,\n3,\n",
		"a.json":   ` {"candles":{"close":[1,2.5,2,4,null,3]},"last":1}`,
		"b.json":   "\n" + `{"close":[1,2.5,2,4,null,3]}`,
		"c.json":   `[{"close":1},{"close":2.5},{"close":2},{"close":4},{"close":null},{"close":3}]`,
		"a.arrows": arrow.String(),
	} {
		args := []string{"--json", "-i", "sma:period=2"}
		wantCode, want, _ := runs(nil, append([]string{"analyze", file(t, name, []byte(content))}, args...)...)
		var out, errs bytes.Buffer
		code := run(context.Background(), append([]string{"analyze", "-"}, args...), func(string) string { return "" },
			streams{strings.NewReader(content), &out, &errs})
		if wantCode != exitDone || !strings.Contains(want, `"sma":[null,1.75,2.25,3,null,3.5]`) {
			t.Errorf("%s: exit %d, %s", name, wantCode, want)
		}
		if code != exitDone || out.String() != want {
			t.Errorf("%s by standard input: exit %d, %s%s; by file %s", name, code, out.String(), errs.String(), want)
		}
	}
	for content, want := range map[string]string{
		"":                                   "no candles",
		"close\n1\nx\n":                      "line 3",
		`{"candles":{"close":[1,-2]}}`:       "/candles/close/1",
		`[{"close":1},{"close":"2"}]`:        "/candles/1/close",
		`{"candles":`:                        "byte",
		"\xff\xff\xff\xff\x08\x00\x00\x00xx": "Arrow",
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), []string{"analyze", "-", "-i", "sma:period=1"}, func(string) string { return "" },
			streams{strings.NewReader(content), &out, &errs})
		if code != exitUsage || out.String() != "" || !strings.Contains(errs.String(), want) || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%q: exit %d, %q, %q; want %q", content, code, out.String(), errs.String(), want)
		}
	}
}

// TestAnalyzeSomeFail: what works is printed, what does not is named, and the
// exit code says that not all is well.
func TestAnalyzeSomeFail(t *testing.T) {
	ibm := file(t, sample.Name, sample.IBM)
	code, out, stderr := runs(nil, "analyze", ibm, "-i", "rsi,rsy,sma:period=0,ema:period=9999,sma:input.real=vwap,obv")
	lines := strings.Split(out, "\n")
	if got := strings.Fields(lines[0]); code != exitFailed || !slices.Equal(got, []string{"date", "close", "rsi", "obv"}) || len(lines) < tableBars {
		t.Errorf("exit %d, headings %q", code, got)
	}
	for _, want := range []string{`rsy: there is no indicator "rsy"; did you mean rsi`, "sma: period must be", "; ema needs at least 9999 candles", `sma2: there is no column "vwap"`} {
		if !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%q does not say %q in a line", stderr, want)
		}
	}
	code, out, stderr = runs(nil, "analyze", ibm, "--json", "-i", "rsi,rsy", "--last", "1")
	var a answer
	if err := json.Unmarshal([]byte(out), &a); err != nil || code != exitFailed || len(a.Results) != 1 || len(a.Results["rsi"].Outputs["rsi"]) != 1 || !strings.Contains(stderr, "rsy") {
		t.Errorf("exit %d, %s, %q, %v", code, out, stderr, err)
	}
	chart := filepath.Join(t.TempDir(), "chart.svg")
	if code, out, stderr = runs(nil, "analyze", ibm, "-i", "rsi,sma:period=5,sma:period=5:input.real=hl2,rsy", "--plot", chart); code != exitFailed || out == "" {
		t.Errorf("exit %d, %q, %q", code, out, stderr)
	}
	if text, err := os.ReadFile(chart); err != nil || !strings.Contains(string(text), ">IBM<") || !strings.Contains(string(text), ">rsi 14<") || !strings.Contains(string(text), ">sma 5<") || !strings.Contains(string(text), ">sma 5 hl2<") {
		t.Errorf("the chart lacks its title or its legend (%v)", err)
	}
	for _, all := range []string{"rsy,smaa", "sma:period=0,rsi:length=3"} {
		if code, out, stderr := runs(nil, "analyze", ibm, "-i", all); code != exitUsage || out != "" || strings.Count(stderr, "\n") != 1 {
			t.Errorf("all fail: exit %d, %q, %q", code, out, stderr)
		}
	}
}

func TestAnalyzePlot(t *testing.T) {
	ibm, dir := file(t, sample.Name, sample.IBM), t.TempDir()
	chart := filepath.Join(dir, "chart.png")
	if code, _, stderr := runs(nil, "analyze", ibm, "-i", "bbands,rsi,macd", "--plot", chart); code != exitDone {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	f, err := os.Open(chart)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if picture, err := png.Decode(f); err != nil || picture.Bounds().Dx() < 1_000 {
		t.Errorf("the chart: %v, %v", picture.Bounds(), err)
	}

	vector := filepath.Join(dir, "chart.svg")
	if code, _, stderr := runs(nil, "analyze", ibm, "-i", "ema:period=50", "--plot", vector, "--bars", "1000"); code != exitDone {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	text, err := os.ReadFile(vector)
	if err != nil || !strings.Contains(string(text), "1000 bars") || !strings.Contains(string(text), "ema 50") {
		t.Errorf("the chart lacks its legend (%v)", err)
	}

	code, _, stderr := runs(nil, "analyze", ibm, "-i", "rsi", "--plot", filepath.Join(dir, "no", "chart.png"))
	if code != exitFailed || strings.Count(stderr, "\n") != 1 {
		t.Errorf("into a folder that is not there: exit %d, %q", code, stderr)
	}
}

func TestAnalyzeRefuses(t *testing.T) {
	ibm := file(t, sample.Name, sample.IBM)
	rows := strings.Split(string(sample.IBM), "\n")
	rows[41] = strings.Replace(rows[41], ",", ",x", 1) // the open of line 42
	bad := file(t, "bad.csv", []byte(strings.Join(rows, "\n")))
	short := file(t, "short.csv", []byte(strings.Join(rows[:11], "\n")))
	opens := file(t, "opens.csv", []byte("open\n1\n2\n3\n"))
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no file":                  {[]string{"-i", "rsi"}, "arg"},
		"a file that is not there": {[]string{filepath.Join(t.TempDir(), "gone.csv"), "-i", "rsi"}, "gone.csv"},
		"no indicator":             {[]string{ibm}, "indicators"},
		"an empty one":             {[]string{ibm, "-i", "rsi,,sma"}, "NAME"},
		"an unknown one":           {[]string{ibm, "-i", "rsy"}, "did you mean rsi"},
		"an unknown parameter":     {[]string{ibm, "-i", "rsi:length=3"}, "it takes period"},
		"a parameter that is none": {[]string{ibm, "-i", "rsi:period"}, "parameter=value"},
		"a parameter twice":        {[]string{ibm, "-i", "rsi:period=2:period=3"}, "twice"},
		"out of range":             {[]string{ibm, "-i", "rsi:period=0"}, "period must be"},
		"a fraction":               {[]string{ibm, "-i", "rsi:period=2.5"}, "period must be"},
		"an unknown choice":        {[]string{ibm, "-i", "bbands:ma_type=best"}, "one of sma"},
		"an unknown column":        {[]string{ibm, "-i", "rsi:input.real=middle"}, "hl2"},
		"a bad row":                {[]string{bad, "-i", "rsi"}, "line 42"},
		"too few bars":             {[]string{short, "-i", "rsi"}, "techanalysis: rsi needs at least 15"},
		"no column close":          {[]string{opens, "-i", "rsi:period=2"}, "close"},
		"a chart without closes":   {[]string{opens, "-i", "sma:period=2:input.real=open", "--plot", filepath.Join(t.TempDir(), "c.png")}, "close"},
		"a chart of another kind":  {[]string{ibm, "-i", "rsi", "--plot", "chart.gif"}, ".png or .svg"},
		"bars below none":          {[]string{ibm, "-i", "rsi", "--last", "-1"}, "--last"},
	} {
		code, out, stderr := runs(nil, append([]string{"analyze"}, c.args...)...)
		if code != exitUsage || out != "" || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q; want exit 2 and a line with %q", name, code, stderr, c.want)
		}
	}
}

func TestIDs(t *testing.T) {
	items, err := parseItems([]string{"rsi", "rsi:period=7", "ema", "rsi", "rsi2"})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, item := range items {
		ids = append(ids, item.ID)
	}
	// The fifth is an indicator of that name: it keeps it.
	if want := []string{"rsi", "rsi3", "ema", "rsi4", "rsi2"}; !slices.Equal(ids, want) {
		t.Errorf("ids are %q, want %q", ids, want)
	}
}
