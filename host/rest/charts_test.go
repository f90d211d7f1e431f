package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// charted is an answer to POST /api/v1/charts/NAME.
type charted struct {
	Name       string
	Params     map[string]any
	Bars       int
	Found      int
	Detections []struct {
		Pattern, Direction, Timestamp string
		Bar                           int
		Confidence                    float64
		Zone                          *struct{ Near, Far float64 }
		Points                        []struct {
			Name  string
			Bar   int
			Price float64
		}
		Rules []struct {
			Name  string
			Found *float64
			Met   bool
		}
	}
	Engine string
}

func chartOf(t *testing.T, s http.Handler, name, body string) charted {
	t.Helper()
	w := call(t, s, http.MethodPost, "/api/v1/charts/"+name, contentType(mediaJSON), []byte(body))
	var got charted
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s: %d %v: %s", name, w.Code, err, w.Body)
	}
	return got
}

// twoTops are candles that rise from 100 to 110 twice and fall, as columns and as
// rows, with hours of a day as timestamps.
func twoTops(rows bool) string {
	prices := []int{100, 104, 107, 110, 107, 104, 107, 110, 107, 103, 101}
	var all [4][]string
	var each []string
	for i, p := range prices {
		values := []string{fmt.Sprintf("%q", fmt.Sprintf("2026-01-05T%02d:00:00Z", i)), fmt.Sprint(p, ".5"), fmt.Sprint(p-1, ".5"), fmt.Sprint(p)}
		values[1], values[2] = fmt.Sprintf("%d.5", p), fmt.Sprintf("%d.5", p-1)
		for k := range all {
			all[k] = append(all[k], values[k])
		}
		each = append(each, fmt.Sprintf(`{"timestamp":%s,"high":%s,"low":%s,"close":%s}`, values[0], values[1], values[2], values[3]))
	}
	if rows {
		return "[" + strings.Join(each, ",") + "]"
	}
	col := func(k int) string { return "[" + strings.Join(all[k], ",") + "]" }
	return fmt.Sprintf(`{"timestamp":%s,"high":%s,"low":%s,"close":%s}`, col(0), col(1), col(2), col(3))
}

// gartley are candles of one price each: the turns of a bullish Gartley, and the way
// back from the last.
const gartley = `{"high":[1030,1000,1100,1038.2,1076.4,1021.4,1050],"low":[1030,1000,1100,1038.2,1076.4,1021.4,1050],"close":[1030,1000,1100,1038.2,1076.4,1021.4,1050]}`

const coarse = `"params":{"unit":"percent","reversal":2,"apart":3}`

// TestChart: a figure that is there is found, with its evidence, in whatever form
// the candles come; and only where it became known in the last bars asked for.
func TestChart(t *testing.T) {
	s := newServer(t)
	for _, rows := range []bool{false, true} {
		for last, found := range map[string]int{"": 1, `,"last":2`: 1, `,"last":1`: 0, `,"last":99`: 1} {
			got := chartOf(t, s, "double_top", `{"candles":`+twoTops(rows)+`,`+coarse+last+`}`)
			if got.Name != "double_top" || got.Bars != 11 || got.Params["unit"] != "percent" || got.Params["wait"] != 1.0 ||
				got.Found != found || len(got.Detections) != found || got.Engine == "" {
				t.Fatalf("last %q: %+v", last, got)
			}
			if found == 0 {
				continue
			}
			d := got.Detections[0]
			if d.Pattern != "double_top" || d.Direction != "bearish" || d.Bar != 9 || d.Timestamp != "2026-01-05T09:00:00Z" ||
				len(d.Points) != 5 || d.Points[2].Name != "valley" || d.Points[2].Bar != 5 || d.Points[2].Price != 103.5 {
				t.Errorf("%+v", d)
			}
			for _, r := range d.Rules {
				if !r.Met || r.Found == nil {
					t.Errorf("%+v", r)
				}
			}
		}
	}
	w := call(t, s, http.MethodPost, "/api/v1/charts/double_bottom", contentType(mediaJSON), []byte(`{"candles":`+twoTops(false)+`,`+coarse+`}`))
	if !strings.Contains(w.Body.String(), `"found":0,"detections":[]`) {
		t.Errorf("where nothing is found the answer is %s", w.Body)
	}
}

// TestChartHarmonic: a harmonic has its zone, and the latest count of waves says
// which rules it breaks.
func TestChartHarmonic(t *testing.T) {
	s := newServer(t)
	body := `{"candles":` + gartley + `,"params":{"unit":"percent","reversal":1}}`
	got := chartOf(t, s, "gartley", body)
	if got.Found != 1 || got.Detections[0].Bar != 6 || got.Detections[0].Zone == nil {
		t.Fatalf("%+v", got)
	}
	if z := got.Detections[0].Zone; !(z.Near > 1021.4 && 1021.4 > z.Far && z.Far > 1000) {
		t.Errorf("the zone of a D at 1021.4 is %+v", z)
	}
	count := chartOf(t, s, "elliott", body)
	if count.Found != 1 || count.Detections[0].Pattern != "elliott_zigzag" || count.Detections[0].Zone != nil {
		t.Errorf("%+v", count)
	}
}

// TestChartArrow: a stream in is as good as JSON.
func TestChartArrow(t *testing.T) {
	s := newServer(t)
	var series struct{ High, Low, Close []float64 }
	if err := json.Unmarshal([]byte(twoTops(false)), &series); err != nil {
		t.Fatal(err)
	}
	body := stream(t, candle.NamedColumn{Name: "high", Values: series.High}, candle.NamedColumn{Name: "low", Values: series.Low}, candle.NamedColumn{Name: "close", Values: series.Close})
	w := call(t, s, http.MethodPost, "/api/v1/charts/double_top?unit=percent&reversal=2&apart=3&last=2", contentType(mediaArrow), body)
	want := call(t, s, http.MethodPost, "/api/v1/charts/double_top", contentType(mediaJSON), []byte(`{"candles":`+twoTops(false)+`,`+coarse+`,"last":2}`))
	untimed := strings.Replace(want.Body.String(), `,"timestamp":"2026-01-05T09:00:00Z"`, "", 1)
	if w.Code != http.StatusOK || w.Body.String() != untimed || untimed == want.Body.String() {
		t.Errorf("%d %s, want %s", w.Code, w.Body, untimed)
	}
}

// TestChartOscillator: a divergence is one of the column that is given.
func TestChartOscillator(t *testing.T) {
	s := newServer(t)
	const higher = `{"high":[100,104,108,112,108,104,108,113,109,105,101],"low":[100,104,108,112,108,104,108,113,109,105,101],"close":[100,104,108,112,108,104,108,113,109,105,101]}`
	found := func(inputs string) int {
		return chartOf(t, s, "bearish_divergence", `{"candles":`+higher+`,"params":{"unit":"percent","reversal":2}`+inputs+`}`).Found
	}
	if n := found(`,"inputs":{"oscillator":[0,0,0,80,0,0,0,60,0,null,0]}`); n != 1 {
		t.Errorf("%d divergences where the oscillator falls", n)
	}
	if n := found(`,"inputs":{"oscillator":"close"}`); n != 0 {
		t.Errorf("%d divergences from itself", n)
	}
	if n := found(``); n != 0 {
		t.Errorf("%d divergences where RSI has no value yet", n)
	}
}

// TestChartRefusals: as those of an indicator.
func TestChartRefusals(t *testing.T) {
	s := newServer(t)
	const top, divergence = "double_top", "bullish_divergence"
	good := `{"candles":` + twoTops(false)
	for name, c := range map[string]struct {
		pattern, body string
		status        int
		kind          string
		pointer, code string
	}{
		"an unknown pattern":      {"double_tops", good + `}`, 404, "unknown-pattern", "", ""},
		"an indicator":            {"rsi", good + `}`, 404, "unknown-pattern", "", ""},
		"no candles":              {top, `{}`, 422, "invalid-candles", "/candles", "no-candles"},
		"no high":                 {top, `{"candles":{"close":[1,2]}}`, 422, "invalid-candles", "/candles/high", "missing-field"},
		"no low, as rows":         {top, `{"candles":[{"high":2,"close":2}]}`, 422, "invalid-candles", "/candles/0/low", "missing-field"},
		"a negative price":        {top, `{"candles":{"high":[-1],"low":[-1],"close":[-1]}}`, 422, "invalid-candles", "/candles/high/0", "negative"},
		"an unknown parameter":    {top, good + `,"params":{"period":3}}`, 422, "invalid-parameter", "/params/period", "unknown-parameter"},
		"a parameter below all":   {top, good + `,"params":{"wait":-1}}`, 422, "invalid-parameter", "/params/wait", "out-of-range"},
		"an unknown choice":       {top, good + `,"params":{"unit":"ticks"}}`, 422, "invalid-parameter", "/params/unit", "out-of-range"},
		"an unknown field":        {top, good + `,"more":1}`, 422, "invalid-request", "/more", "unknown-field"},
		"decimals":                {top, good + `,"decimals":2}`, 422, "invalid-request", "/decimals", "unknown-field"},
		"no last bar":             {top, good + `,"last":0}`, 422, "invalid-request", "/last", "out-of-range"},
		"an input of none":        {top, good + `,"inputs":{"oscillator":"volume"}}`, 422, "invalid-request", "/inputs/oscillator", "unknown-input"},
		"an unknown input":        {divergence, good + `,"inputs":{"close":"open"}}`, 422, "invalid-request", "/inputs/close", "unknown-input"},
		"an oscillator too short": {divergence, good + `,"inputs":{"oscillator":[1,2]}}`, 422, "invalid-request", "/inputs/oscillator", "different-lengths"},
		"an unknown column":       {divergence, good + `,"inputs":{"oscillator":"rsi"}}`, 422, "invalid-request", "/inputs/oscillator", "unknown-column"},
		"a column that is absent": {divergence, good + `,"inputs":{"oscillator":"volume"}}`, 422, "invalid-candles", "/candles/volume", "missing-field"},
		"a body that ends":        {top, `{"candles":`, 400, "malformed-request", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := call(t, s, http.MethodPost, "/api/v1/charts/"+c.pattern, contentType(mediaJSON), []byte(c.body))
			checkProblem(t, w, c.status, c.kind, c.pointer, c.code)
		})
	}
	w := call(t, s, http.MethodPost, "/api/v1/charts/double_tops", contentType(mediaJSON), nil)
	if !strings.Contains(w.Body.String(), `"suggestions":["double_top"`) {
		t.Errorf("for double_tops: %s", w.Body)
	}
	checkProblem(t, call(t, s, http.MethodPost, "/api/v1/charts/double_top", contentType("text/plain"), nil), 415, "unsupported-media-type", "", "")
}

// TestChartList: every pattern with what it reads and takes.
func TestChartList(t *testing.T) {
	s := newServer(t)
	w := call(t, s, http.MethodGet, "/api/v1/charts", nil, nil)
	var list chartList
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != http.StatusOK || list.Engine == "" {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	if len(list.Patterns) != len(compute.Patterns()) || len(list.Patterns) < 22 {
		t.Errorf("%d patterns are listed", len(list.Patterns))
	}
	for _, p := range list.Patterns {
		if p.Name == "" || p.Title == "" || p.Doc == "" || len(p.Inputs) < 3 || len(p.Params) == 0 {
			t.Errorf("%+v", p)
		}
	}
}
