package rest

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// live is the service behind a port of its own, with room for modules of any
// size that the sandbox takes, and no cache: every answer is computed.
type live struct {
	url string
}

func listen(t testing.TB) live {
	t.Helper()
	s := httptest.NewServer(newServer(t, func(c *Config) {
		none, err := cache.New(0, compute.Size, c.Metrics.CacheLook)
		if err != nil {
			t.Fatal(err)
		}
		c.Compute = compute.New(c.Registry, none)
		c.MaxBody, c.MaxCandles = 8<<20, 10_000
	}))
	t.Cleanup(s.Close)
	return live{s.URL}
}

// reply is an answer, whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// do makes a request. It may be called from any goroutine.
func (l live) do(t testing.TB, method, path, contentType string, body []byte) reply {
	t.Helper()
	req, err := http.NewRequest(method, l.url+path, bytes.NewReader(body))
	if err != nil {
		t.Error(err)
		return reply{}
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return reply{}
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return reply{res.StatusCode, res.Header, b}
}

func (l live) upload(t testing.TB, path string, module []byte) reply {
	t.Helper()
	return l.do(t, http.MethodPost, path, mediaWasm, module)
}

func (l live) json(t testing.TB, path, body string) reply {
	t.Helper()
	return l.do(t, http.MethodPost, path, mediaJSON, []byte(body))
}

// installs uploads a module that must be taken.
func (l live) installs(t testing.TB, module []byte) {
	t.Helper()
	if r := l.upload(t, "/api/v1/plugins", module); r.status != http.StatusCreated {
		t.Fatalf("upload: %d %.300s", r.status, r.body)
	}
}

// into reads a JSON answer that must have that status.
func (r reply) into(t testing.TB, status int, v any) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d: %.300s", r.status, status, r.body)
		return
	}
	if err := json.Unmarshal(r.body, v); err != nil {
		t.Errorf("%v: %.300s", err, r.body)
	}
}

// numbers are outputs by name, NaN for null.
type numbers map[string][]float64

func (n *numbers) UnmarshalJSON(b []byte) error {
	var columns map[string][]*float64
	if err := json.Unmarshal(b, &columns); err != nil {
		return err
	}
	*n = numbers{}
	for name, column := range columns {
		values := make([]float64, len(column))
		for i, v := range column {
			if values[i] = math.NaN(); v != nil {
				values[i] = *v
			}
		}
		(*n)[name] = values
	}
	return nil
}

// result is a result, or the problem in its place.
type result struct {
	Problem
	Name    string         `json:"name"`
	Params  map[string]any `json:"params"`
	Warmup  int            `json:"warmup"`
	Bars    int            `json:"bars"`
	Outputs numbers        `json:"outputs"`
	Plugin  *struct {
		Name, Version, Digest string
	} `json:"plugin"`
	Gas uint64 `json:"gas"`
}

// market is n bars as JSON, in which the close has a hole at the beginning, in
// the middle, and one of two bars.
func market(n int) string {
	w := sample.Walk(n)
	for _, bar := range []int{0, 7, n / 2, n/2 + 1} {
		w.Close[bar] = math.NaN()
	}
	b := []byte(`{`)
	for _, c := range []candle.NamedColumn{{Name: "open", Values: w.Open}, {Name: "high", Values: w.High}, {Name: "low", Values: w.Low}, {Name: "close", Values: w.Close}, {Name: "volume", Values: w.Volume}} {
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, c.Name), ':')
		b = candle.AppendColumn(b, c.Values, -1)
	}
	return string(append(b, '}'))
}

// refused checks a problem that is not about one value of the request.
func (r reply) refused(t testing.TB, status int, kind, detail string) Problem {
	t.Helper()
	var p Problem
	r.into(t, status, &p)
	if p.Type != "/problems/"+kind || !strings.Contains(p.Detail, detail) || p.Title == "" || p.Status != status {
		t.Errorf("got %d %s: %q, %q; want %d %s with %q", p.Status, p.Type, p.Title, p.Detail, status, "/problems/"+kind, detail)
	}
	if ct := r.header.Get("Content-Type"); ct != problemType {
		t.Errorf("the Content-Type is %q", ct)
	}
	if p.Instance != "/requests/"+r.header.Get("X-Request-Id") {
		t.Errorf("the instance is %q, the request's id %q", p.Instance, r.header.Get("X-Request-Id"))
	}
	return p
}
