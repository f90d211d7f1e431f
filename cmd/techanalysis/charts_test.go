package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// TestChartsTable: the head and shoulders that IBM drew in the summer of 2003 is
// a line, known on the day that broke the neckline, and the lines are in order.
func TestChartsTable(t *testing.T) {
	ibm := file(t, sample.Name, sample.IBM)
	code, out, stderr := runs(nil, "charts", ibm, "--patterns", "head_shoulders,double_top:reversal=2")
	if code != exitDone || stderr != "" {
		t.Fatalf("exit %d, %s", code, stderr)
	}
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if got := strings.Fields(lines[0]); !slices.Equal(got, []string{"date", "pattern", "direction", "confidence", "points"}) {
		t.Errorf("headings are %q", got)
	}
	if !slices.IsSorted(lines[1:]) || len(lines) < 10 {
		t.Errorf("%d lines, or not in order:\n%s", len(lines), out)
	}
	want := regexp.MustCompile(`(?m)^2003-08-05  head_shoulders  bearish    0\.\d\d        begin 2003-03-12 73\.17, .*head 2003-05-14 90\.4, .*break 2003-08-05 79\.85$`)
	if !want.MatchString(out) {
		t.Errorf("there is no line %v:\n%s", want, out)
	}
	// 20 bars from the end of the sample nothing is known but what the last 20 show.
	_, recent, _ := runs(nil, "charts", ibm, "--last", "20")
	for _, line := range strings.Split(strings.TrimSuffix(recent, "\n"), "\n")[1:] {
		if line < "2013-02-01" {
			t.Errorf("--last 20 has %s", line)
		}
	}
}

// TestChartsAnswerAsTheService: the same candles and patterns give the same bytes
// by file and by HTTP, and so does the listing.
func TestChartsAnswerAsTheService(t *testing.T) {
	url := service(t, nil)
	const candles = "../../sample/request.json"
	content, err := os.ReadFile(candles)
	if err != nil {
		t.Fatal(err)
	}
	got := func(res *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s %s %v", res.Status, b, err)
		}
		return string(b)
	}
	var request struct{ Candles json.RawMessage }
	if err := json.Unmarshal(content, &request); err != nil {
		t.Fatal(err)
	}
	with := `{"candles":` + string(request.Candles) + `,"params":{"reversal":2,"oscillator":"mom"}}`
	served := got(http.Post(url+"/api/v1/charts/hidden_bullish_divergence", "application/json", strings.NewReader(with)))
	code, out, stderr := runs(nil, "charts", candles, "--json", "-p", "hidden_bullish_divergence:reversal=2:oscillator=mom")
	if want := `{"results":{"hidden_bullish_divergence":` + served + "}}\n"; code != exitDone || out != want || !strings.Contains(out, `"bar":`) {
		t.Errorf("exit %d, %s\nby file %.400s\nby HTTP %.400s", code, stderr, out, want)
	}
	served = got(http.Get(url + "/api/v1/charts"))
	if code, out, _ := runs(nil, "charts", "--json"); code != exitDone || out != served {
		t.Errorf("exit %d\nby command %.300s\nby HTTP %.300s", code, out, served)
	}
}

func TestChartsList(t *testing.T) {
	code, out, _ := runs(nil, "charts")
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if code != exitDone || len(lines) != 1+len(compute.Patterns()) {
		t.Fatalf("exit %d, %d lines", code, len(lines))
	}
	if !strings.Contains(out, "\nbullish_divergence ") || !strings.Contains(out, " high low close oscillator  reversal=2 unit=atr ") {
		t.Errorf("the list is\n%s", out)
	}
}

// TestChartsAll: unless told, every pattern is looked for.
func TestChartsAll(t *testing.T) {
	code, out, stderr := runs(nil, "charts", file(t, sample.Name, sample.IBM), "--json")
	var all struct {
		Results map[string]struct {
			Found      int
			Detections []struct{ Bar int }
		}
	}
	if err := json.Unmarshal([]byte(out), &all); err != nil || code != exitDone {
		t.Fatalf("exit %d, %s, %v", code, stderr, err)
	}
	found := 0
	for _, r := range all.Results {
		found += len(r.Detections)
	}
	if len(all.Results) != len(compute.Patterns()) || found < 50 {
		t.Errorf("%d patterns, %d figures", len(all.Results), found)
	}
}

// TestChartsRefuse: wrong use is told in a line, before a file is read where it
// can be.
func TestChartsRefuse(t *testing.T) {
	closes := file(t, "closes.csv", []byte("close\n1\n2\n"))
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"none.csv", "-p", "head_sholders"}, "did you mean head_shoulders?"},
		{[]string{"none.csv", "-p", "rsi"}, `no pattern "rsi"`},
		{[]string{"none.csv"}, "none.csv"},
		{[]string{closes, "-p", "double_top"}, "needs the column high"},
		{[]string{closes, "-p", "double_top:reversal=x"}, "double_top: reversal must be"},
		{[]string{closes, "-p", "double_top:reversal"}, "is not parameter=value"},
		{[]string{closes, "-p", ":"}, "is not NAME"},
		{[]string{closes, "--last", "-1"}, "--last"},
		{[]string{"-p", "double_top"}, "in which candles?"},
		{[]string{closes, closes}, "1 arg"},
	} {
		code, out, stderr := runs(nil, append([]string{"charts"}, c.args...)...)
		if code != exitUsage || out != "" || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit %d, %q, %q; want %q", c.args, code, out, stderr, c.want)
		}
	}
}
