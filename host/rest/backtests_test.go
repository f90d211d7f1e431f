package rest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine/backtest"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// strategy is the module of an example plugin.
func strategy(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "plugins", "momentum-strategy-go", strategyFile))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// tide is a small strategy: so much more than yesterday, so much is wanted.
func tide(version string, sign byte) []byte {
	const f64Sub = 0xa1
	move := wt.Code(wt.Close(0), wt.Close(-1), []byte{f64Sub})
	if sign == '-' {
		move = wt.Code(wt.Close(-1), wt.Close(0), []byte{f64Sub})
	}
	return wt.Guest{
		Name: "tide", Version: version,
		Description: fmt.Sprintf(`{"name":"tide","version":%q,"inputs":["close"],"params":[{"name":"x","default":1,"min":0,"max":2}],"outputs":[{"name":"signal","unit":"none"}],"memory":"window","warmup":1}`, version),
		Run:         wt.EachBar(wt.Unless(wt.Code(wt.Get(wt.Bar), []byte{0x45}), move, wt.Float(math.NaN()))),
	}.Build()
}

// tested is an answer of POST /backtests.
type tested struct {
	Strategy result
	Rules    map[string]any
	Summary  map[string]any
	Trades   []map[string]any
	Equity   []float64
	Drawdown []float64
	Hold     struct{ Equity []float64 }
	Receipt  struct {
		Strategy, Engine, Equity string
		Plugin                   struct{ Name, Version, Digest string }
		Inputs                   map[string]struct{ Column, Digest string }
		Prices, Outputs          map[string]string
		Params, Rules            map[string]any
		Gas                      uint64
	}
	Plot string
}

// hourly are n bars of a walk as JSON.
func hourly(n int) (body string, w sample.Columns) {
	w = sample.Walk(n)
	b := []byte(`{`)
	for _, c := range []candle.NamedColumn{{Name: "timestamp", Values: w.Time}, {Name: "open", Values: w.Open}, {Name: "high", Values: w.High}, {Name: "low", Values: w.Low}, {Name: "close", Values: w.Close}} {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(append(append(b, '"'), c.Name...), `":`...)
		b = candle.AppendColumn(b, c.Values, -1)
	}
	return string(append(b, '}')), w
}

// TestBacktestOverHTTP: a strategy in Go is uploaded, tested, and tested again by its
// receipt. What is traded is what POST /indicators answers, by the same module; the
// figures are those of the engine; and everything is the same again, the gas as well.
func TestBacktestOverHTTP(t *testing.T) {
	l := listen(t)
	var v struct{ Name, Digest string }
	l.upload(t, "/api/v1/plugins", strategy(t)).into(t, http.StatusCreated, &v)
	candles, w := hourly(1000)
	const params = `{"lookback":50,"hold":10}`
	ask := func(digest string) string {
		return `{"candles":` + candles + `,"strategy":{"name":"momentum_strategy","params":` + params + `},"rules":{"fee":0.001,"slippage":0.0005,"fee_fixed":1},"digest":"` + digest + `","plot":true}`
	}
	first := l.json(t, "/api/v1/backtests", ask(v.Digest))
	var got tested
	first.into(t, http.StatusOK, &got)

	var served result
	l.json(t, "/api/v1/indicators/momentum_strategy", `{"candles":`+candles+`,"params":`+params+`}`).into(t, http.StatusOK, &served)
	sameBits(t, "the signal", got.Strategy.Outputs, served.Outputs)
	if got.Strategy.Plugin == nil || got.Strategy.Plugin.Digest != v.Digest || got.Receipt.Plugin.Digest != v.Digest || got.Receipt.Gas == 0 || got.Receipt.Gas != served.Gas {
		t.Errorf("tested is %+v with %d gas, served %+v with %d", got.Receipt.Plugin, got.Receipt.Gas, served.Plugin, served.Gas)
	}
	want := backtest.Run(backtest.Bars{Open: w.Open, Close: w.Close, Time: w.Time}, served.Outputs["signal"], backtest.Rules{Cash: 10_000, Fee: 0.001, FeeFixed: 1, Slippage: 0.0005})
	if !slices.Equal(got.Equity, want.Equity) || !slices.Equal(got.Drawdown, want.Drawdown) || len(got.Trades) != len(want.Trades) || len(want.Trades) < 5 {
		t.Errorf("%d trades, want %d; the equity ends at %v, want %v", len(got.Trades), len(want.Trades), got.Summary["final"], want.Summary.Final)
	}
	if got.Summary["sharpe"] != want.Summary.Sharpe || got.Trades[0]["profit"] != want.Trades[0].Profit || !strings.HasPrefix(got.Trades[0]["entry_time"].(string), "2024-01-01T00:") {
		t.Errorf("the summary is %v, the first trade %v", got.Summary, got.Trades[0])
	}
	if d := xml.NewDecoder(strings.NewReader(got.Plot)); got.Plot == "" {
		t.Error("there is no picture")
	} else {
		for {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("the picture: %v", err)
			}
		}
	}
	if again := l.json(t, "/api/v1/backtests", ask(got.Receipt.Plugin.Digest)); !bytes.Equal(again.body, first.body) {
		t.Errorf("by its receipt the answer is another:\n%.300s\n%.300s", again.body, first.body)
	}

	// In Arrow, the same question has the same answer.
	var stream bytes.Buffer
	if err := candle.WriteArrow(&stream, []candle.NamedColumn{{Name: "open", Values: w.Open}, {Name: "close", Values: w.Close}}); err != nil {
		t.Fatal(err)
	}
	var arrow tested
	l.do(t, http.MethodPost, "/api/v1/backtests?strategy=momentum_strategy:lookback=50:hold=10&fee=0.001&slippage=0.0005&fee_fixed=1&digest="+v.Digest+"&last=5&plot=false", mediaArrow, stream.Bytes()).into(t, http.StatusOK, &arrow)
	if !slices.Equal(arrow.Equity, want.Equity[995:]) || arrow.Receipt.Equity != got.Receipt.Equity || arrow.Summary["cagr"] != nil || arrow.Plot != "" {
		t.Errorf("in Arrow the equity ends %v, %v", arrow.Equity, arrow.Summary)
	}
}

// TestBacktestOfVersions: any version that is stored is tested by its digest, before
// it is activated and after it was replaced; of one that is not there the answer is a
// problem, and so it is while the plugin is killed.
func TestBacktestOfVersions(t *testing.T) {
	s := candidates{Server: newServer(t)}
	s.contract = contractOf(t, s)
	first := s.stores(t, "/api/v1/plugins", tide("1.0.0", '+'))
	second := s.stores(t, "/api/v1/plugins?activate=false", tide("1.1.0", '-'))
	const path = "/api/v1/backtests"
	last := 1
	ask := func(digest string) string {
		last++ // so that nothing is at hand
		return fmt.Sprintf(`{"candles":{"open":[1,1,2,3],"close":[1,2,3,%d]}`, last) + `,"strategy":{"name":"tide"},"digest":"` + digest + `","rules":{"cash":100}}`
	}
	var a tested
	s.asks(t, http.MethodPost, path, ask(first), http.StatusOK, &a)
	if want := []float64{100, 100, 150, 100}; !slices.Equal(a.Equity, want) || a.Receipt.Plugin.Version != "1.0.0" || a.Strategy.Gas != a.Receipt.Gas {
		t.Errorf("the first version: %v, want %v; %+v", a.Equity, want, a.Receipt)
	}
	tests := func(when string) {
		t.Helper()
		for digest, version := range map[string]string{first: "1.0.0", second: "1.1.0"} {
			a = tested{}
			s.asks(t, http.MethodPost, path, ask(digest), http.StatusOK, &a)
			if a.Receipt.Plugin.Version != version || a.Strategy.Plugin.Digest != digest {
				t.Errorf("%s, %s tests %+v", when, version, a.Receipt.Plugin)
			}
		}
	}
	tests("only stored")
	none := "sha256:" + strings.Repeat("0", 64)
	var p Problem
	s.asks(t, http.MethodPost, path, ask(none), http.StatusConflict, &p)
	if p.Type != "/problems/digest-mismatch" || !strings.Contains(p.Detail, first) || len(p.Errors) != 1 || p.Errors[0].Pointer != "/digest" {
		t.Errorf("a version that is not there: %+v", p)
	}
	var plugin struct{ Active string }
	s.asks(t, http.MethodPost, "/api/v1/plugins/tide/candidate", `{"digest":"`+second+`","percent":100}`, http.StatusOK, &plugin)
	tests("on trial")
	a = tested{}
	s.asks(t, http.MethodPost, path, strings.Replace(ask(""), `"digest":"",`, "", 1), http.StatusOK, &a)
	if a.Receipt.Plugin.Version != "1.0.0" {
		t.Errorf("unless told, %+v is tested", a.Receipt.Plugin)
	}
	s.asks(t, http.MethodPost, "/api/v1/plugins/tide/activate", `{"digest":"`+second+`"}`, http.StatusOK, &plugin)
	tests("replaced")
	s.asks(t, http.MethodPost, "/api/v1/plugins/tide/kill", "", http.StatusOK, &plugin)
	s.asks(t, http.MethodPost, path, ask(first), http.StatusUnprocessableEntity, &p)
	if p.Type != "/problems/plugin-killed" {
		t.Errorf("killed: %+v", p)
	}
	s.asks(t, http.MethodPost, "/api/v1/plugins/tide/activate", `{"digest":"`+first+`"}`, http.StatusOK, &plugin)
	s.asks(t, http.MethodPost, "/api/v1/plugins/tide/revive", "", http.StatusOK, &plugin)
	tests("revived with another")
	only := s.stores(t, "/api/v1/plugins?activate=false", bytes.ReplaceAll(tide("1.0.0", '+'), []byte("tide"), []byte("wave")))
	a = tested{}
	s.asks(t, http.MethodPost, path, strings.ReplaceAll(ask(only), "tide", "wave"), http.StatusOK, &a)
	if a.Receipt.Plugin.Digest != only {
		t.Errorf("of a plugin that was never active, %+v is tested", a.Receipt.Plugin)
	}
}

func TestBacktestRefusals(t *testing.T) {
	s := newServer(t)
	c := candidates{Server: s}
	c.stores(t, "/api/v1/plugins", tide("1.0.0", '+'))
	const good = `{"candles":{"open":[1,1],"close":[1,2]}`
	for name, r := range map[string]struct {
		body          string
		status        int
		kind          string
		pointer, code string
	}{
		"no strategy named":         {good + `}`, 422, "invalid-request", "/strategy/name", "missing-field"},
		"a strategy that is text":   {good + `,"strategy":"tide"}`, 422, "invalid-request", "/strategy", "wrong-type"},
		"an unknown strategy":       {good + `,"strategy":{"name":"tides"}}`, 404, "unknown-indicator", "/strategy/name", "unknown"},
		"no signal":                 {good + `,"strategy":{"name":"sma"}}`, 422, "not-a-strategy", "/strategy/name", "no-strategy"},
		"an unknown parameter":      {good + `,"strategy":{"name":"tide","params":{"y":1}}}`, 422, "invalid-parameter", "/strategy/params/y", "unknown-parameter"},
		"an unknown input":          {good + `,"strategy":{"name":"tide","inputs":{"open":"close"}}}`, 422, "invalid-request", "/strategy/inputs/open", "unknown-input"},
		"an id":                     {good + `,"strategy":{"name":"tide","id":"x"}}`, 422, "invalid-request", "/strategy/id", "unknown-field"},
		"an unknown rule":           {good + `,"strategy":{"name":"tide"},"rules":{"leverage":2}}`, 422, "invalid-parameter", "/rules/leverage", "unknown-parameter"},
		"a fee of everything":       {good + `,"strategy":{"name":"tide"},"rules":{"fee":1}}`, 422, "invalid-parameter", "/rules/fee", "out-of-range"},
		"no money":                  {good + `,"strategy":{"name":"tide"},"rules":{"cash":0}}`, 422, "invalid-parameter", "/rules/cash", "out-of-range"},
		"rules that are a list":     {good + `,"strategy":{"name":"tide"},"rules":[]}`, 422, "invalid-request", "/rules", "wrong-type"},
		"sides of another kind":     {good + `,"strategy":{"name":"tide"},"rules":{"sides":"up"}}`, 422, "invalid-parameter", "/rules/sides", "out-of-range"},
		"a plot of what":            {good + `,"strategy":{"name":"tide"},"plot":"svg"}`, 422, "invalid-request", "/plot", "wrong-type"},
		"another digest":            {good + `,"strategy":{"name":"tide"},"digest":"sha256:0"}`, 409, "digest-mismatch", "/digest", "digest-mismatch"},
		"a digest that is a number": {good + `,"strategy":{"name":"tide"},"digest":0}`, 422, "invalid-request", "/digest", "wrong-type"},
		"an unknown field":          {good + `,"strategy":{"name":"tide"},"speed":1}`, 422, "invalid-request", "/speed", "unknown-field"},
		"no opens":                  {`{"candles":{"close":[1,2]},"strategy":{"name":"tide"}}`, 422, "invalid-candles", "/candles/open", "missing-field"},
		"too few candles":           {`{"candles":{"open":[1],"close":[1]},"strategy":{"name":"tide"}}`, 422, "insufficient-history", "/candles", "too-few"},
	} {
		t.Run(name, func(t *testing.T) {
			checkProblem(t, call(t, s, http.MethodPost, "/api/v1/backtests", contentType(mediaJSON), []byte(r.body)), r.status, r.kind, r.pointer, r.code)
		})
	}
	for query, pointer := range map[string]string{
		"strategy=tide&fee=x": "/rules/fee", "strategy=tide&plot=1": "/plot", "strategy=tide&strategy=tide": "/strategy", "strategy=tide:x": "/strategy",
		"strategy=tide&input.close=open": "/input.close", "strategy=tide&fee=0&fee=0": "/fee",
	} {
		var stream bytes.Buffer
		if err := candle.WriteArrow(&stream, []candle.NamedColumn{{Name: "open", Values: []float64{1, 1}}, {Name: "close", Values: []float64{1, 2}}}); err != nil {
			t.Fatal(err)
		}
		w := call(t, s, http.MethodPost, "/api/v1/backtests?"+query, contentType(mediaArrow), stream.Bytes())
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != 422 || len(p.Errors) != 1 || p.Errors[0].Pointer != pointer {
			t.Errorf("%s: %d %s, want %s", query, w.Code, w.Body, pointer)
		}
	}
}
