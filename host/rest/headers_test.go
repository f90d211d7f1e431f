package rest

import (
	"bytes"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// stream is candles as Arrow.
func stream(t *testing.T, columns ...candle.NamedColumn) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := candle.WriteArrow(&b, columns); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestArrowRefusals: a stream, and the query that goes with it, are refused as
// JSON is, with pointers as if the candles were columns of JSON.
func TestArrowRefusals(t *testing.T) {
	s := newServer(t)
	good := candle.NamedColumn{Name: "close", Values: []float64{1, 2, 3, 4}}
	closes := stream(t, good)
	const sma, compute = "/api/v1/indicators/sma", "/api/v1/compute"
	for name, c := range map[string]struct {
		path, query   string
		body          []byte
		status        int
		kind          string
		pointer, code string
	}{
		"a negative price":        {sma, "", stream(t, candle.NamedColumn{Name: "close", Values: []float64{1, -2}}), 422, "invalid-candles", "/candles/close/1", "negative"},
		"an infinite price":       {sma, "", stream(t, candle.NamedColumn{Name: "close", Values: []float64{1, math.Inf(1)}}), 422, "invalid-candles", "/candles/close/1", "not-finite"},
		"high below low":          {sma, "", stream(t, good, candle.NamedColumn{Name: "high", Values: []float64{1, 2, 3, 4}}, candle.NamedColumn{Name: "low", Values: []float64{1, 2, 3, 5}}), 422, "invalid-candles", "/candles/high/3", "high-below-low"},
		"an unknown column":       {sma, "", stream(t, good, candle.NamedColumn{Name: "vwap", Values: []float64{1, 2, 3, 4}}), 422, "invalid-candles", "/candles/vwap", "unknown-field"},
		"no candle":               {sma, "", stream(t, candle.NamedColumn{Name: "close"}), 422, "invalid-candles", "/candles", "no-candles"},
		"too many":                {sma, "", stream(t, candle.NamedColumn{Name: "close", Values: make([]float64, testCandles+1)}), 422, "invalid-candles", "/candles", "too-many-candles"},
		"cut short":               {sma, "", closes[:len(closes)/2], 400, "malformed-request", "", ""},
		"nothing":                 {sma, "", nil, 400, "malformed-request", "", ""},
		"an unknown parameter":    {sma, "?length=3", closes, 422, "invalid-parameter", "/params/length", "unknown-parameter"},
		"a parameter as text":     {sma, "?period=two", closes, 422, "invalid-parameter", "/params/period", "wrong-type"},
		"a parameter of NaN":      {sma, "?period=NaN", closes, 422, "invalid-parameter", "/params/period", "not-an-integer"},
		"a parameter twice":       {sma, "?period=2&period=3", closes, 422, "invalid-request", "/params/period", "duplicate-field"},
		"last twice":              {sma, "?last=2&last=3", closes, 422, "invalid-request", "/last", "duplicate-field"},
		"an input twice":          {sma, "?input.real=close&input.real=open", closes, 422, "invalid-request", "/inputs/real", "duplicate-field"},
		"an unknown input":        {sma, "?input.price=close", closes, 422, "invalid-request", "/inputs/price", "unknown-input"},
		"no last bar":             {sma, "?last=0", closes, 422, "invalid-request", "/last", "out-of-range"},
		"a fraction of a decimal": {sma, "?decimals=1.5", closes, 422, "invalid-request", "/decimals", "not-an-integer"},
		"too few bars":            {sma, "?period=5", closes, 422, "insufficient-history", "/candles", "too-few"},
		"a query that is none":    {sma, "?period=%zz", closes, 400, "malformed-request", "", ""},
		"no indicator":            {compute, "", closes, 422, "invalid-request", "/indicators", "empty"},
		"no id":                   {compute, "?indicator=sma", closes, 422, "invalid-request", "/indicators", "syntax"},
		"no value":                {compute, "?indicator=a:sma:period", closes, 422, "invalid-request", "/indicators", "syntax"},
		"an id twice":             {compute, "?indicator=a:sma:period=2&indicator=a:sma:period=2", closes, 422, "invalid-request", "/indicators/1/id", "duplicate-id"},
		"an unknown indicator":    {compute, "?indicator=a:sma:period=2&indicator=b:smaa", closes, 404, "unknown-indicator", "/indicators/1/name", "unknown"},
		"an item's parameter":     {compute, "?indicator=a:sma:period=2&indicator=b:sma:period=0", closes, 422, "invalid-parameter", "/indicators/1/params/period", "out-of-range"},
		"an item's column":        {compute, "?indicator=a:obv", closes, 422, "invalid-candles", "/candles/volume", "missing-field"},
		"what is no indicator":    {compute, "?period=3", closes, 422, "invalid-request", "/period", "unknown-field"},
	} {
		t.Run(name, func(t *testing.T) {
			header := contentType(mediaArrow)
			header.Set("Accept", mediaArrow) // a problem is JSON all the same
			checkProblem(t, call(t, s, http.MethodPost, c.path+c.query, header, c.body), c.status, c.kind, c.pointer, c.code)
		})
	}
}

// TestAccept: JSON unless the caller prefers Arrow, whatever it sends.
func TestAccept(t *testing.T) {
	s := newServer(t)
	body := []byte(`{"candles":{"close":[1,2,3]},"params":{"period":2}}`)
	for accept, want := range map[string]string{
		"":                                  mediaJSON,
		"*/*":                               mediaJSON,
		"text/html":                         mediaJSON,
		mediaArrow:                          mediaArrow,
		mediaArrow + ", " + mediaJSON:       mediaArrow,
		mediaJSON + ", " + mediaArrow:       mediaJSON,
		mediaArrow + ";q=0.5," + mediaJSON:  mediaJSON,
		mediaJSON + ";q=0.5, " + mediaArrow: mediaArrow,
		mediaArrow + ";q=0":                 mediaJSON,
		mediaArrow + ";q=x":                 mediaJSON,
	} {
		header := contentType(mediaJSON)
		header.Set("Accept", accept)
		w := call(t, s, http.MethodPost, "/api/v1/indicators/sma", header, body)
		if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || got != want {
			t.Errorf("Accept %q: %d %s, want %s", accept, w.Code, got, want)
		}
		if w.Header().Get("Vary") != "Accept" || w.Header().Get("X-Cache") == "" {
			t.Errorf("Accept %q: the headers are %v", accept, w.Header())
		}
	}
}

// TestValidators: what is asked for again is not sent again while it is the
// same, and is once it is another.
func TestValidators(t *testing.T) {
	s := newServer(t)
	upload := func(version string) string {
		w := call(t, s, http.MethodPost, "/api/v1/plugins", contentType(mediaWasm), wasmtest.Guest{Name: "good", Version: version}.Build())
		if w.Code != http.StatusCreated {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		_, digest, _ := strings.Cut(w.Body.String(), `"digest":"`)
		return digest[:len("sha256:")+64]
	}
	module := "/api/v1/plugins/good/versions/" + upload("1.0.0") + "/module"
	lists := []string{"/api/v1/indicators", "/api/v1/indicators/good", "/api/v1/plugins", "/api/v1/plugins/good"}
	etags := map[string]string{}
	for _, path := range append(lists, "/api/v1/indicators/sma", module, openAPIPath, docsPath, docsPath+"/docs.css") {
		first := call(t, s, http.MethodGet, path, nil, nil)
		etags[path] = first.Header().Get("ETag")
		if first.Code != http.StatusOK || !strings.HasPrefix(etags[path], `"`) || first.Header().Get("Cache-Control") == "" {
			t.Errorf("%s: %d, %v", path, first.Code, first.Header())
		}
		if again := call(t, s, http.MethodGet, path, http.Header{"If-None-Match": {etags[path]}}, nil); again.Code != http.StatusNotModified || again.Body.Len() > 0 || again.Header().Get("ETag") != etags[path] {
			t.Errorf("%s again: %d with %d bytes", path, again.Code, again.Body.Len())
		}
	}
	upload("1.0.1")
	for _, path := range lists {
		w := call(t, s, http.MethodGet, path, http.Header{"If-None-Match": {etags[path]}}, nil)
		if w.Code != http.StatusOK || w.Header().Get("ETag") == etags[path] {
			t.Errorf("%s after an upload: %d", path, w.Code)
		}
	}
	if w := call(t, s, http.MethodGet, module, http.Header{"If-None-Match": {etags[module]}}, nil); w.Code != http.StatusNotModified || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("the module after an upload: %d, %v", w.Code, w.Header())
	}
}

// TestIfMatch: of two who change a plugin that they know as it was, the second
// is told.
func TestIfMatch(t *testing.T) {
	s := newServer(t)
	var digests []string
	for _, version := range []string{"1.0.0", "1.0.1"} {
		w := call(t, s, http.MethodPost, "/api/v1/plugins", contentType(mediaWasm), wasmtest.Guest{Name: "good", Version: version}.Build())
		_, digest, _ := strings.Cut(w.Body.String(), `"digest":"`)
		digests = append(digests, digest[:len("sha256:")+64])
	}
	const path = "/api/v1/plugins/good"
	etag := func() string { return call(t, s, http.MethodGet, path, nil, nil).Header().Get("ETag") }
	activate := func(digest, match string) (status int, body string) {
		header := contentType(mediaJSON)
		header.Set("If-Match", match)
		w := call(t, s, http.MethodPost, path+"/activate", header, []byte(`{"digest":"`+digest+`"}`))
		return w.Code, w.Body.String()
	}
	known := etag()
	if status, body := activate(digests[0], `"other", `+known); status != http.StatusOK {
		t.Fatalf("with its ETag: %d %s", status, body)
	}
	if status, body := activate(digests[1], known); status != http.StatusPreconditionFailed || !strings.Contains(body, "/problems/plugin-changed") {
		t.Errorf("with its ETag of before: %d %s", status, body)
	}
	if w := call(t, s, http.MethodDelete, path, http.Header{"If-Match": {known}}, nil); w.Code != http.StatusPreconditionFailed {
		t.Errorf("uninstalled with its ETag of before: %d", w.Code)
	}
	if status, _ := activate(digests[1], "*"); status != http.StatusOK {
		t.Errorf("whatever it is: %d", status)
	}
	if status, _ := activate(digests[0], ""); status != http.StatusOK {
		t.Errorf("without If-Match: %d", status)
	}
	if w := call(t, s, http.MethodDelete, path, http.Header{"If-Match": {etag()}}, nil); w.Code != http.StatusNoContent {
		t.Errorf("uninstalled with its ETag: %d", w.Code)
	}
}

// TestHead: HEAD is answered as GET is, without a body.
func TestHead(t *testing.T) {
	l := listen(t)
	for _, path := range []string{"/health", "/health/ready", "/api/v1/indicators", "/api/docs", "/api/openapi.json"} {
		get, head := l.do(t, http.MethodGet, path, "", nil), l.do(t, http.MethodHead, path, "", nil)
		if head.status != http.StatusOK || len(head.body) > 0 || head.header.Get("Content-Length") != get.header.Get("Content-Length") || head.header.Get("Content-Type") != get.header.Get("Content-Type") {
			t.Errorf("HEAD %s: %d, %v", path, head.status, head.header)
		}
	}
}

// TestHeaders that every answer has, also one that is refused.
func TestHeaders(t *testing.T) {
	s := newServer(t)
	for _, c := range []struct{ method, path, allow, cache string }{
		{"GET", "/api/docs", "", "no-cache"},
		{"GET", "/nothing", "", "no-store"},
		{"PUT", "/api/v1/compute", "OPTIONS, POST", "no-store"},
		{"POST", "/health", "OPTIONS, GET, HEAD", "no-store"},
	} {
		h := call(t, s, c.method, c.path, nil, nil).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Allow": c.allow, "Cache-Control": c.cache,
			"Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s %s: %s is %q, want %q", c.method, c.path, name, got, want)
			}
		}
		if h.Get("X-Request-Id") == "" || h.Get("Permissions-Policy") == "" {
			t.Errorf("%s %s: the headers are %v", c.method, c.path, h)
		}
	}
}
