package rest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
)

// steps are candles of one price each.
const steps = `{"timestamp":["2026-01-05T00:00:00Z","2026-01-06T00:00:00Z","2026-01-07T00:00:00Z","2026-01-08T00:00:00Z"],
	"high":[100,111,134,85],"low":[100,111,134,85],"close":[100,111,134,85]}`

// TestBricks: each chart is drawn, with the times of its bars; last asks for what the
// last bars laid or grew.
func TestBricks(t *testing.T) {
	s := newServer(t)
	for _, c := range []struct{ name, more, want string }{
		{"renko", `,"params":{"brick":10}`, `"laid":6,"bricks":[{"bar":1,"last":1,"from":100,"to":110,"up":true,"open":false,"timestamp":"2026-01-06T00:00:00Z"},{"bar":2,"last":2,"from":110,"to":120,`},
		{"renko", `,"params":{"brick":10},"last":1`, `"laid":3,"bricks":[{"bar":3,"last":3,"from":120,"to":110,"up":false,`},
		{"renko", `,"params":{"brick":100}`, `"laid":0,"bricks":[],`},
		{"line_break", ``, `"laid":3,"bricks":[{"bar":1,"last":1,"from":100,"to":111,"up":true,"open":false,"timestamp":"2026-01-06T00:00:00Z"},{"bar":2,"last":2,"from":111,"to":134,"up":true,"open":false,"timestamp":"2026-01-07T00:00:00Z"},{"bar":3,"last":3,"from":111,"to":85,"up":false,"open":false,`},
		{"point_figure", `,"params":{"box":10}`, `"laid":2,"bricks":[{"bar":1,"last":2,"from":110,"to":130,"up":true,"open":false,"timestamp":"2026-01-06T00:00:00Z"},{"bar":3,"last":3,"from":120,"to":90,"up":false,"open":true,`},
		{"point_figure", `,"params":{"box":10},"last":2`, `"laid":2,"bricks":[{"bar":1,"last":2,`}, // it grew there
	} {
		w := call(t, s, http.MethodPost, "/api/v1/bricks/"+c.name, contentType(mediaJSON), []byte(`{"candles":`+steps+c.more+`}`))
		if got := w.Body.String(); w.Code != http.StatusOK || !strings.Contains(got, c.want) || !strings.HasPrefix(got, `{"name":"`+c.name+`","params":{`) {
			t.Errorf("%s%s: %d %s, want %s", c.name, c.more, w.Code, got, c.want)
		}
	}
	var series struct{ High, Low, Close []float64 }
	if err := json.Unmarshal([]byte(steps), &series); err != nil {
		t.Fatal(err)
	}
	body := stream(t, candle.NamedColumn{Name: "high", Values: series.High}, candle.NamedColumn{Name: "low", Values: series.Low}, candle.NamedColumn{Name: "close", Values: series.Close})
	w := call(t, s, http.MethodPost, "/api/v1/bricks/renko?brick=10&last=1", contentType(mediaArrow), body)
	if !strings.Contains(w.Body.String(), `"laid":3,"bricks":[{"bar":3,"last":3,"from":120,"to":110,"up":false,"open":false},`) {
		t.Errorf("of a stream: %d %s", w.Code, w.Body)
	}
}

// TestBricksList: every chart with what it takes.
func TestBricksList(t *testing.T) {
	w := call(t, newServer(t), http.MethodGet, "/api/v1/bricks", nil, nil)
	var list brickList
	if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || w.Code != http.StatusOK || len(list.Bricks) != len(compute.Brickworks()) {
		t.Fatalf("%d %v %s", w.Code, err, w.Body)
	}
	for _, b := range list.Bricks {
		if b.Name == "" || b.Title == "" || b.Doc == "" || len(b.Inputs) != 3 || len(b.Params) == 0 {
			t.Errorf("%+v", b)
		}
	}
}

// TestBricksRefusals: as those of a chart pattern; and a brick that is too small is
// the parameter's fault.
func TestBricksRefusals(t *testing.T) {
	s := newServer(t)
	for name, c := range map[string]struct {
		chart, body   string
		status        int
		kind          string
		pointer, code string
	}{
		"an unknown chart":       {"renk", `{"candles":` + steps + `}`, 404, "unknown-bricks", "", ""},
		"a pattern":              {"double_top", `{"candles":` + steps + `}`, 404, "unknown-bricks", "", ""},
		"no low":                 {"renko", `{"candles":{"high":[1],"close":[1]}}`, 422, "invalid-candles", "/candles/low", "missing-field"},
		"a parameter of another": {"renko", `{"candles":` + steps + `,"params":{"box":3}}`, 422, "invalid-parameter", "/params/box", "unknown-parameter"},
		"a brick too small":      {"renko", `{"candles":` + steps + `,"params":{"brick":1e-5}}`, 422, "invalid-parameter", "/params/brick", "out-of-range"},
		"a box too small":        {"point_figure", `{"candles":` + steps + `,"params":{"box":1e-15}}`, 422, "invalid-parameter", "/params/box", "out-of-range"},
		"an input":               {"renko", `{"candles":` + steps + `,"inputs":{"oscillator":"close"}}`, 422, "invalid-request", "/inputs/oscillator", "unknown-input"},
		"an unknown field":       {"renko", `{"candles":` + steps + `,"more":1}`, 422, "invalid-request", "/more", "unknown-field"},
		"decimals":               {"renko", `{"candles":` + steps + `,"decimals":2}`, 422, "invalid-request", "/decimals", "unknown-field"},
	} {
		t.Run(name, func(t *testing.T) {
			w := call(t, s, http.MethodPost, "/api/v1/bricks/"+c.chart, contentType(mediaJSON), []byte(c.body))
			checkProblem(t, w, c.status, c.kind, c.pointer, c.code)
		})
	}
	w := call(t, s, http.MethodPost, "/api/v1/bricks/three_line_break", contentType(mediaJSON), nil)
	if !strings.Contains(w.Body.String(), `"suggestions":["line_break"`) {
		t.Errorf("for three_line_break: %s", w.Body)
	}
}
