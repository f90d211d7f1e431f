package rest

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/engine"
	"github.com/gravitywavesml/gravity_techanalysis/host/audit"
	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	"github.com/gravitywavesml/gravity_techanalysis/host/plugin"
	"github.com/gravitywavesml/gravity_techanalysis/host/registry"
	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm"
	"github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
)

// small limits, so that tests can reach them
const (
	testCandles    = 2000
	testBody       = 1 << 20
	testIndicators = 20
	testValues     = 10_000_000
)

// newServer is the whole service over a plugin store of its own.
func newServer(t testing.TB, change ...func(*Config)) *Server {
	t.Helper()
	ctx := context.Background()
	names := registry.New(engine.Indicators())
	metrics := telemetry.New()
	results, err := cache.New(1<<20, compute.Size, metrics.CacheLook)
	if err != nil {
		t.Fatal(err)
	}
	sandbox, err := wasm.New(wasm.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	store, err := plugin.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log := audit.OpenFile(t.TempDir(), "replica-1", func(audit.Entry, error) {})
	t.Cleanup(func() { log.Close() })
	store.Record(log)
	library, err := plugin.Open(ctx, store, plugin.Room{}, sandbox, names)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := library.Sync(ctx); err != nil {
		t.Fatal(err)
	}
	indicators := compute.New(names, results)
	indicators.Versions(library.Stored)
	c := Config{
		Compute: indicators, Registry: names, Plugins: library, Metrics: metrics,
		Log:        slog.New(slog.NewJSONHandler(io.Discard, nil)),
		Audit:      audit.NewTrail(log, log),
		Ready:      func() Readiness { return Readiness{Status: StatusReady, Checks: map[string]string{"plugins": "ok"}} },
		Starting:   func() bool { return false },
		MaxCandles: testCandles, MaxBody: testBody, MaxIndicators: testIndicators, MaxValues: testValues,
	}
	for _, f := range change {
		f(&c)
	}
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// call makes a request and returns the answer, whole.
func call(t testing.TB, s http.Handler, method, path string, header http.Header, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequest(method, path, bytes.NewReader(body))
	for k, v := range header {
		req.Header[k] = v
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w
}

func contentType(t string) http.Header { return http.Header{"Content-Type": {t}} }

// columns is a candles object of n rising bars.
func columns(n int) string {
	var o, h, l, c, v []string
	for i := range n {
		o = append(o, fmt.Sprint(100+i))
		h = append(h, fmt.Sprint(102+i))
		l = append(l, fmt.Sprint(99+i))
		c = append(c, fmt.Sprint(101+i))
		v = append(v, fmt.Sprint(1000+i))
	}
	j := func(s []string) string { return "[" + strings.Join(s, ",") + "]" }
	return fmt.Sprintf(`{"open":%s,"high":%s,"low":%s,"close":%s,"volume":%s}`, j(o), j(h), j(l), j(c), j(v))
}

func closes(values ...any) string {
	b, _ := json.Marshal(values)
	return fmt.Sprintf(`{"candles":{"close":%s}}`, b)
}

// TestRefusals: what the contract refuses, with the exact status, type, pointer
// and code.
func TestRefusals(t *testing.T) {
	s := newServer(t)
	installPair(t, s)
	const (
		sma     = "/api/v1/indicators/sma"
		compute = "/api/v1/compute"
	)
	body := func(rest string) string { return `{"candles":` + columns(60) + rest + `}` }
	row := func(fields string) string {
		return `{"candles":[{"open":1,"high":2,"low":1,"close":2},{` + fields + `}]}`
	}
	for name, c := range map[string]struct {
		path, body    string
		status        int
		kind          string
		pointer, code string
	}{
		// candles, by column
		"a price as text":           {sma, closes(1, "2"), 422, "invalid-candles", "/candles/close/1", "wrong-type"},
		"a price that is a boolean": {sma, closes(1, 2, true), 422, "invalid-candles", "/candles/close/2", "wrong-type"},
		"an infinite price":         {sma, `{"candles":{"close":[1,1e999]}}`, 422, "invalid-candles", "/candles/close/1", "not-finite"},
		"a negative price":          {sma, closes(1, 2, 3, -4), 422, "invalid-candles", "/candles/close/3", "negative"},
		"a negative volume":         {sma, `{"candles":{"close":[1,2],"volume":[1,-1]}}`, 422, "invalid-candles", "/candles/volume/1", "negative"},
		"high below low":            {sma, `{"candles":{"open":[1,1],"high":[2,1],"low":[1,2],"close":[2,1]}}`, 422, "invalid-candles", "/candles/high/1", "high-below-low"},
		"high below close":          {sma, `{"candles":{"open":[1,1],"high":[2,2],"low":[1,1],"close":[2,3]}}`, 422, "invalid-candles", "/candles/high/1", "high-below-close"},
		"high below open":           {sma, `{"candles":{"open":[1,3],"high":[2,2],"low":[1,1],"close":[2,2]}}`, 422, "invalid-candles", "/candles/high/1", "high-below-open"},
		"low above close":           {sma, `{"candles":{"open":[1,2],"high":[2,3],"low":[1,2],"close":[2,1]}}`, 422, "invalid-candles", "/candles/low/1", "low-above-close"},
		"low above open":            {sma, `{"candles":{"open":[1,1],"high":[2,3],"low":[1,2],"close":[2,2]}}`, 422, "invalid-candles", "/candles/low/1", "low-above-open"},
		"timestamps stand still":    {sma, `{"candles":{"timestamp":[1717200000,1717200000],"close":[1,2]}}`, 422, "invalid-candles", "/candles/timestamp/1", "timestamps-not-increasing"},
		"timestamps of two kinds":   {sma, `{"candles":{"timestamp":[1717200000,"2024-06-01T01:00:00Z"],"close":[1,2]}}`, 422, "invalid-candles", "/candles/timestamp/1", "mixed-timestamps"},
		"a timestamp with fraction": {sma, `{"candles":{"timestamp":[1717200000.5],"close":[1]}}`, 422, "invalid-candles", "/candles/timestamp/0", "not-an-integer"},
		"columns of two lengths":    {sma, `{"candles":{"open":[1,2],"close":[1]}}`, 422, "invalid-candles", "/candles/close", "different-lengths"},
		"no candle":                 {sma, `{"candles":{"close":[]}}`, 422, "invalid-candles", "/candles", "no-candles"},
		"no candles at all":         {sma, `{}`, 422, "invalid-candles", "/candles", "no-candles"},
		"candles as text":           {sma, `{"candles":"AAPL"}`, 422, "invalid-candles", "/candles", "wrong-type"},
		"an unknown column":         {sma, `{"candles":{"close":[1],"vwap":[1]}}`, 422, "invalid-candles", "/candles/vwap", "unknown-field"},
		"too many candles":          {sma, `{"candles":` + columns(testCandles+1) + `}`, 422, "invalid-candles", "/candles", "too-many-candles"},
		"a price that is no number": {sma, `{"candles":{"close":[1,{}]}}`, 422, "invalid-candles", "/candles/close/1", "wrong-type"},
		"the first of two flaws":    {sma, `{"candles":{"open":[1,1,-1],"close":[1,-1,1]}}`, 422, "invalid-candles", "/candles/close/1", "negative"},
		"timestamps go back":        {sma, `{"candles":{"timestamp":[1717200000,1717100000],"close":[1,2]}}`, 422, "invalid-candles", "/candles/timestamp/1", "timestamps-not-increasing"},
		"a timestamp that is none":  {sma, `{"candles":{"timestamp":["yesterday"],"close":[1]}}`, 422, "invalid-candles", "/candles/timestamp/0", "bad-timestamp"},
		"a timestamp of null":       {sma, `{"candles":{"timestamp":[null],"close":[1]}}`, 422, "invalid-candles", "/candles/timestamp/0", "bad-timestamp"},
		"a timestamp far away":      {sma, `{"candles":{"timestamp":[1e300],"close":[1]}}`, 422, "invalid-candles", "/candles/timestamp/0", "timestamp-out-of-range"},
		"a column that is a number": {sma, `{"candles":{"close":1}}`, 422, "invalid-candles", "/candles/close", "wrong-type"},
		"a column twice":            {sma, `{"candles":{"close":[1],"close":[1]}}`, 422, "invalid-candles", "/candles/close", "duplicate-field"},
		"candles twice":             {sma, `{"candles":{"close":[1]},"candles":{"close":[1]}}`, 422, "invalid-candles", "/candles", "duplicate-field"},
		"candles of null":           {sma, `{"candles":null}`, 422, "invalid-candles", "/candles", "wrong-type"},
		"no column":                 {sma, `{"candles":{}}`, 422, "invalid-candles", "/candles", "no-candles"},
		// candles, by row
		"row: an infinite price":       {sma, row(`"close":1e999,"open":1,"high":2,"low":1`), 422, "invalid-candles", "/candles/1/close", "not-finite"},
		"row: a negative volume":       {sma, `{"candles":[{"close":1,"volume":-1}]}`, 422, "invalid-candles", "/candles/0/volume", "negative"},
		"row: high below open":         {sma, row(`"open":3,"high":2,"low":1,"close":2`), 422, "invalid-candles", "/candles/1/high", "high-below-open"},
		"row: high below close":        {sma, row(`"open":1,"high":2,"low":1,"close":3`), 422, "invalid-candles", "/candles/1/high", "high-below-close"},
		"row: low above open":          {sma, row(`"open":1,"high":4,"low":2,"close":3`), 422, "invalid-candles", "/candles/1/low", "low-above-open"},
		"row: low above close":         {sma, row(`"open":3,"high":4,"low":2,"close":1`), 422, "invalid-candles", "/candles/1/low", "low-above-close"},
		"row: timestamps stand still":  {sma, `{"candles":[{"timestamp":5,"close":1},{"timestamp":5,"close":1}]}`, 422, "invalid-candles", "/candles/1/timestamp", "timestamps-not-increasing"},
		"row: timestamps of two kinds": {sma, `{"candles":[{"timestamp":5,"close":1},{"timestamp":"2024-06-01T01:00:00Z","close":1}]}`, 422, "invalid-candles", "/candles/1/timestamp", "mixed-timestamps"},
		"row: a field is missing":      {sma, row(`"open":1,"high":2,"low":1`), 422, "invalid-candles", "/candles/1/close", "missing-field"},
		"row: too many":                {sma, `{"candles":[` + strings.Repeat(`{"close":1},`, testCandles) + `{"close":1}]}`, 422, "invalid-candles", "/candles", "too-many-candles"},
		"row: a column that is needed": {"/api/v1/indicators/obv", `{"candles":[{"close":1},{"close":2}]}`, 422, "invalid-candles", "/candles/0/volume", "missing-field"},
		"row: a price as text":         {sma, row(`"open":1,"high":2,"low":1,"close":"2"`), 422, "invalid-candles", "/candles/1/close", "wrong-type"},
		"row: a negative price":        {sma, row(`"open":1,"high":2,"low":-1,"close":2`), 422, "invalid-candles", "/candles/1/low", "negative"},
		"row: high below low":          {sma, row(`"open":1,"high":1,"low":2,"close":1`), 422, "invalid-candles", "/candles/1/high", "high-below-low"},
		"row: unknown field":           {sma, row(`"open":1,"high":2,"low":1,"close":2,"vwap":1`), 422, "invalid-candles", "/candles/1/vwap", "unknown-field"},
		"row: no candle":               {sma, `{"candles":[]}`, 422, "invalid-candles", "/candles", "no-candles"},
		"row: not an object":           {sma, `{"candles":[1]}`, 422, "invalid-candles", "/candles/0", "wrong-type"},
		// the request
		"no JSON":                   {sma, `{"candles":`, 400, "malformed-request", "", ""},
		"not even an object":        {sma, `nonsense`, 400, "malformed-request", "", ""},
		"more after the object":     {sma, closes(1, 2) + `{}`, 400, "malformed-request", "", ""},
		"an empty body":             {sma, ``, 400, "malformed-request", "", ""},
		"an unknown field":          {sma, body(`,"period":14`), 422, "invalid-request", "/period", "unknown-field"},
		"a fraction of a bar":       {sma, body(`,"last":1.5`), 422, "invalid-request", "/last", "not-an-integer"},
		"no last bar":               {sma, body(`,"last":0`), 422, "invalid-request", "/last", "out-of-range"},
		"last as text":              {sma, body(`,"last":"3"`), 422, "invalid-request", "/last", "wrong-type"},
		"decimals below none":       {sma, body(`,"decimals":-1`), 422, "invalid-request", "/decimals", "out-of-range"},
		"a fraction of a decimal":   {sma, body(`,"decimals":0.5`), 422, "invalid-request", "/decimals", "not-an-integer"},
		"last of null":              {sma, body(`,"last":null`), 422, "invalid-request", "/last", "wrong-type"},
		"last without end":          {sma, body(`,"last":1e999`), 422, "invalid-request", "/last", "not-finite"},
		"NaN":                       {sma, `{"candles":{"close":[NaN]}}`, 400, "malformed-request", "", ""},
		"an array":                  {sma, `[]`, 422, "invalid-request", "", "wrong-type"},
		"text that ends early":      {sma, `{"candles":{"close":[1]},"params":{"per`, 400, "malformed-request", "", ""},
		"a parameter twice":         {sma, body(`,"params":{"period":3,"period":4}`), 422, "invalid-request", "/params/period", "duplicate-field"},
		"a parameter of a list":     {sma, body(`,"params":{"period":[3]}`), 422, "invalid-parameter", "/params/period", "wrong-type"},
		"a parameter too large":     {sma, body(`,"params":{"period":1e999}`), 422, "invalid-request", "/params/period", "not-finite"},
		"a name with a slash":       {sma, body(`,"params":{"a/b~c":1}`), 422, "invalid-parameter", "/params/a~1b~0c", "unknown-parameter"},
		"real1 has no default":      {"/api/v1/indicators/pair", body(``), 422, "invalid-request", "/inputs/real1", "missing-field"},
		"an empty array":            {sma, body(`,"inputs":{"real":[]}`), 422, "invalid-request", "/inputs/real", "different-lengths"},
		"too many decimals":         {sma, body(`,"decimals":16`), 422, "invalid-request", "/decimals", "out-of-range"},
		"params as a number":        {sma, body(`,"params":14`), 422, "invalid-request", "/params", "wrong-type"},
		"inputs as an array":        {sma, body(`,"inputs":[]`), 422, "invalid-request", "/inputs", "wrong-type"},
		"a member given twice":      {sma, body(`,"last":1,"last":2`), 422, "invalid-request", "/last", "duplicate-field"},
		"an unknown parameter":      {sma, body(`,"params":{"length":14}`), 422, "invalid-parameter", "/params/length", "unknown-parameter"},
		"a period of zero":          {sma, body(`,"params":{"period":0}`), 422, "invalid-parameter", "/params/period", "out-of-range"},
		"a period with fraction":    {sma, body(`,"params":{"period":2.5}`), 422, "invalid-parameter", "/params/period", "not-an-integer"},
		"a period as text":          {sma, body(`,"params":{"period":"14"}`), 422, "invalid-parameter", "/params/period", "wrong-type"},
		"a period that is null":     {sma, body(`,"params":{"period":null}`), 422, "invalid-parameter", "/params/period", "wrong-type"},
		"an unknown choice":         {"/api/v1/indicators/bbands", body(`,"params":{"ma_type":"magic"}`), 422, "invalid-parameter", "/params/ma_type", "out-of-range"},
		"too few bars":              {sma, closes(1, 2, 3), 422, "insufficient-history", "/candles", "too-few"},
		"a column that is needed":   {"/api/v1/indicators/obv", closes(1, 2, 3), 422, "invalid-candles", "/candles/volume", "missing-field"},
		"an unknown input":          {sma, body(`,"inputs":{"price":"close"}`), 422, "invalid-request", "/inputs/price", "unknown-input"},
		"an unknown source":         {sma, body(`,"inputs":{"real":"vwap"}`), 422, "invalid-request", "/inputs/real", "unknown-column"},
		"an array too short":        {sma, body(`,"inputs":{"real":[1,2,3]}`), 422, "invalid-request", "/inputs/real", "different-lengths"},
		"an array of text":          {sma, body(`,"inputs":{"real":["1"]}`), 422, "invalid-request", "/inputs/real/0", "wrong-type"},
		"an input that is a number": {sma, body(`,"inputs":{"real":1}`), 422, "invalid-request", "/inputs/real", "wrong-type"},
		// many at once
		"no indicators":          {compute, body(``), 422, "invalid-request", "/indicators", "empty"},
		"empty indicators":       {compute, body(`,"indicators":[]`), 422, "invalid-request", "/indicators", "empty"},
		"indicators as object":   {compute, body(`,"indicators":{}`), 422, "invalid-request", "/indicators", "wrong-type"},
		"an id used twice":       {compute, body(`,"indicators":[{"id":"a","name":"sma"},{"id":"a","name":"ema"}]`), 422, "invalid-request", "/indicators/1/id", "duplicate-id"},
		"an id by default twice": {compute, body(`,"indicators":[{"name":"sma"},{"name":"sma","params":{"period":5}}]`), 422, "invalid-request", "/indicators/1/id", "duplicate-id"},
		"an empty id":            {compute, body(`,"indicators":[{"id":"","name":"sma"}]`), 422, "invalid-request", "/indicators/0/id", "out-of-range"},
		"a name that is null":    {compute, body(`,"indicators":[{"name":null}]`), 422, "invalid-request", "/indicators/0/name", "wrong-type"},
		"a field of the request": {compute, body(`,"indicators":[{"name":"sma"}],"lasts":1`), 422, "invalid-request", "/lasts", "unknown-field"},
		"an indicator as text":   {compute, body(`,"indicators":["sma"]`), 422, "invalid-request", "/indicators/0", "wrong-type"},
		"an indicator, no name":  {compute, body(`,"indicators":[{"id":"a"}]`), 422, "invalid-request", "/indicators/0/name", "missing-field"},
		"an unknown item field":  {compute, body(`,"indicators":[{"id":"a","name":"sma","period":3}]`), 422, "invalid-request", "/indicators/0/period", "unknown-field"},
		"an id that is a number": {compute, body(`,"indicators":[{"id":1,"name":"sma"}]`), 422, "invalid-request", "/indicators/0/id", "wrong-type"},
		"too many indicators":    {compute, body(`,"indicators":[` + strings.Repeat(`{"name":"sma"},`, testIndicators) + `{"name":"sma"}]`), 422, "invalid-request", "/indicators", "too-many"},
		// addresses
		"an unknown indicator": {"/api/v1/indicators/smaa", body(``), 404, "unknown-indicator", "", ""},
		"an unknown address":   {"/api/v1/nothing", `{}`, 404, "not-found", "", ""},
		"an unknown plugin":    {"/api/v1/plugins/nothing/activate", `{"digest":"sha256:00"}`, 404, "unknown-plugin", "", ""},
		"activate an address":  {"/api/v1/plugins/nothing/activate", `{"digest":1}`, 422, "invalid-request", "/digest", "wrong-type"},
		"activate more":        {"/api/v1/plugins/nothing/activate", `{"digest":"x","percent":5}`, 422, "invalid-request", "/percent", "unknown-field"},
		"activate no JSON":     {"/api/v1/plugins/nothing/activate", `{"digest"`, 400, "malformed-request", "", ""},
		"activate a list":      {"/api/v1/plugins/nothing/activate", `[]`, 422, "invalid-request", "", "wrong-type"},
		"activate what":        {"/api/v1/plugins/nothing/activate", `{}`, 422, "invalid-request", "/digest", "missing-field"},
	} {
		t.Run(name, func(t *testing.T) {
			w := call(t, s, http.MethodPost, c.path, contentType(mediaJSON), []byte(c.body))
			checkProblem(t, w, c.status, c.kind, c.pointer, c.code)
		})
	}
}

// pair is a plugin with an input that has no default, and without parameters.
func pair() []byte {
	return wasmtest.Guest{Name: "pair", Description: `{"name":"pair","version":"1.0.0","inputs":["real0","real1"],"outputs":[{"name":"pair","unit":"none"}],"warmup":1}`}.Build()
}

// installPair installs pair.
func installPair(t *testing.T, s *Server) {
	t.Helper()
	module := pair()
	w := call(t, s, http.MethodPost, "/api/v1/plugins", contentType(mediaWasm), module)
	if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"params":[]`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
}

// TestNoParametersIsAnEmptyList wherever a Spec is shown, never null.
func TestNoParametersIsAnEmptyList(t *testing.T) {
	s := newServer(t)
	installPair(t, s)
	for _, path := range []string{"/api/v1/plugins", "/api/v1/plugins/pair", "/api/v1/indicators", "/api/v1/indicators/pair", "/api/v1/indicators/obv"} {
		if w := call(t, s, http.MethodGet, path, nil, nil); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"params":[]`) || strings.Contains(w.Body.String(), "null") {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
	}
}

func checkProblem(t *testing.T, w *httptest.ResponseRecorder, status int, kind, pointer, code string) {
	t.Helper()
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%d, not a problem: %.300s", w.Code, w.Body)
	}
	var at FieldError
	if len(p.Errors) > 0 {
		at = p.Errors[0]
	}
	if w.Code != status || p.Status != status || p.Type != "/problems/"+kind || at.Pointer != pointer || at.Code != code {
		t.Errorf("got %d %s at %q, code %q: %s; want %d %s at %q, code %q", w.Code, p.Type, at.Pointer, at.Code, p.Detail, status, "/problems/"+kind, pointer, code)
	}
	if ct := w.Header().Get("Content-Type"); ct != problemType {
		t.Errorf("the Content-Type is %q", ct)
	}
	if p.Title == "" || p.Detail == "" || p.Instance != "/requests/"+w.Header().Get("X-Request-Id") {
		t.Errorf("the problem lacks a title, a detail or its request: %+v", p)
	}
}

// TestRefusedRequests are refused for more than their JSON.
func TestRefusedRequests(t *testing.T) {
	s := newServer(t)
	gz := func(b []byte) []byte {
		var z bytes.Buffer
		w := gzip.NewWriter(&z)
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return z.Bytes()
	}
	bomb := gz(make([]byte, testBody+1))
	zipped := http.Header{"Content-Type": {mediaJSON}, "Content-Encoding": {"gzip"}}
	for name, c := range map[string]struct {
		method, path string
		header       http.Header
		body         []byte
		status       int
		kind         string
	}{
		"no content type":       {"POST", "/api/v1/indicators/sma", nil, []byte(`{}`), 415, "unsupported-media-type"},
		"a form":                {"POST", "/api/v1/compute", contentType("application/x-www-form-urlencoded"), []byte(`{}`), 415, "unsupported-media-type"},
		"a module as JSON":      {"POST", "/api/v1/plugins", contentType(mediaJSON), []byte(`{}`), 415, "unsupported-media-type"},
		"an unknown encoding":   {"POST", "/api/v1/compute", http.Header{"Content-Type": {mediaJSON}, "Content-Encoding": {"br"}}, []byte(`{}`), 415, "unsupported-media-type"},
		"an unknown method":     {"PUT", "/api/v1/compute", nil, nil, 405, "method-not-allowed"},
		"a body over the limit": {"POST", "/api/v1/compute", contentType(mediaJSON), make([]byte, testBody+1), 413, "body-too-large"},
		"a bomb":                {"POST", "/api/v1/compute", zipped, bomb, 413, "body-too-large"},
		"not gzip":              {"POST", "/api/v1/compute", zipped, []byte(`{}`), 400, "malformed-request"},
		"gzip cut short":        {"POST", "/api/v1/compute", zipped, bomb[:len(bomb)-9], 400, "malformed-request"},
		"rubbish as Arrow":      {"POST", "/api/v1/compute?indicator=a:sma", contentType(mediaArrow), []byte("rubbish"), 400, "malformed-request"},
	} {
		t.Run(name, func(t *testing.T) {
			w := call(t, s, c.method, c.path, c.header, c.body)
			var p Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
				t.Fatalf("%d, not a problem: %.300s", w.Code, w.Body)
			}
			if w.Code != c.status || p.Type != "/problems/"+c.kind {
				t.Errorf("got %d %s: %s; want %d %s", w.Code, p.Type, p.Detail, c.status, c.kind)
			}
		})
	}
}

// TestQueries: what stands in a query and is not read there is refused before
// anything is done, for who wrote it meant something by it.
func TestQueries(t *testing.T) {
	s := newServer(t)
	module := pair()
	for name, c := range map[string]struct {
		method, path, media string
		body                []byte
		status              int
		pointer, code       string
	}{
		"a parameter beside JSON":  {"POST", "/api/v1/indicators/sma?period=3", mediaJSON, []byte(closes(1, 2, 3)), 422, "/period", "unknown-field"},
		"last beside JSON":         {"POST", "/api/v1/charts/double_top?last=3", mediaJSON, []byte(closes(1, 2, 3)), 422, "/last", "unknown-field"},
		"an indicator beside JSON": {"POST", "/api/v1/compute?indicator=a:sma", mediaJSON, []byte(closes(1, 2, 3)), 422, "/indicator", "unknown-field"},
		"no query, beside JSON":    {"POST", "/api/v1/indicators/sma?%zz", mediaJSON, []byte(closes(1, 2, 3)), 400, "", ""},
		"a name misspelt":          {"POST", "/api/v1/plugins?activte=false", mediaWasm, module, 422, "/activte", "unknown-field"},
		"a name twice":             {"POST", "/api/v1/plugins?activate=true&activate=false", mediaWasm, module, 422, "/activate", "duplicate-field"},
		"a name and no value":      {"POST", "/api/v1/plugins?activate=", mediaWasm, module, 422, "/activate", "wrong-type"},
		"no query":                 {"POST", "/api/v1/plugins?activate=%zz", mediaWasm, module, 400, "", ""},
		"no query, beside Arrow":   {"POST", "/api/v1/indicators/sma?period=3;last=1", mediaArrow, nil, 400, "", ""},
		"JSON that is too long":    {"POST", "/api/v1/compute?last=3", mediaJSON, make([]byte, testBody+1), 422, "/last", "unknown-field"},
		"where none is read":       {"GET", "/api/v1/plugins?page=2", "", nil, 422, "/page", "unknown-field"},
		"of a list":                {"GET", "/api/v1/indicators?group=momentum", "", nil, 422, "/group", "unknown-field"},
		"of the log":               {"GET", "/api/v1/audit?plug=mean", "", nil, 422, "/plug", "unknown-field"},
		"no plugin of the log":     {"GET", "/api/v1/audit?plugin=", "", nil, 422, "/plugin", "empty"},
		"of what does not exist":   {"DELETE", "/api/v1/plugins/nothing?force=true", "", nil, 422, "/force", "unknown-field"},
	} {
		t.Run(name, func(t *testing.T) {
			w := call(t, s, c.method, c.path, contentType(c.media), c.body)
			checkProblem(t, w, c.status, map[int]string{400: "malformed-request", 422: "invalid-request"}[c.status], c.pointer, c.code)
		})
	}
	if w := call(t, s, http.MethodGet, "/api/v1/plugins/pair", nil, nil); w.Code != http.StatusNotFound {
		t.Errorf("a refused upload was stored: %d %s", w.Code, w.Body)
	}
	for _, path := range []string{"/api/docs?from=mail", "/health/live?probe=1"} {
		if w := call(t, s, http.MethodGet, path, nil, nil); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// TestItemProblems: one item failing fails only itself, and says where in the
// request it is.
func TestItemProblems(t *testing.T) {
	s := newServer(t)
	installPair(t, s)
	items := []struct {
		item          string
		status        int // 200 for a result
		kind          string
		pointer, code string
	}{
		{`{"id":"0","name":"sma"}`, 200, "", "", ""},
		{`{"id":"1","name":"smaa"}`, 404, "unknown-indicator", "/indicators/1/name", "unknown"},
		{`{"id":"2","name":"sma","params":{"length":3}}`, 422, "invalid-parameter", "/indicators/2/params/length", "unknown-parameter"},
		{`{"id":"3","name":"sma","params":{"period":0}}`, 422, "invalid-parameter", "/indicators/3/params/period", "out-of-range"},
		{`{"id":"4","name":"sma","params":{"period":"3"}}`, 422, "invalid-parameter", "/indicators/4/params/period", "wrong-type"},
		{`{"id":"5","name":"sma","inputs":{"price":"close"}}`, 422, "invalid-request", "/indicators/5/inputs/price", "unknown-input"},
		{`{"id":"6","name":"sma","inputs":{"real":"vwap"}}`, 422, "invalid-request", "/indicators/6/inputs/real", "unknown-column"},
		{`{"id":"7","name":"sma","inputs":{"real":[1]}}`, 422, "invalid-request", "/indicators/7/inputs/real", "different-lengths"},
		{`{"id":"8","name":"pair"}`, 422, "invalid-request", "/indicators/8/inputs/real1", "missing-field"},
		{`{"id":"9","name":"obv"}`, 422, "invalid-candles", "/candles/volume", "missing-field"},
		{`{"id":"10","name":"sma","params":{"period":61}}`, 422, "insufficient-history", "/candles", "too-few"},
		{`{"id":"11","name":"ema"}`, 200, "", "", ""},
		{`{"id":"12","name":"mavp","params":{"min_period":40},"inputs":{"periods":"close"}}`, 422, "invalid-parameter", "/indicators/12/params/max_period", "out-of-range"},
		{`{"id":"13","name":"previous_session"}`, 422, "invalid-candles", "/candles/timestamp", "missing-field"},
	}
	var all []string
	for _, c := range items {
		all = append(all, c.item)
	}
	closes, _, _ := strings.Cut(columns(60), `,"volume"`)
	w := call(t, s, http.MethodPost, "/api/v1/compute", contentType(mediaJSON), []byte(`{"candles":`+closes+`},"indicators":[`+strings.Join(all, ",")+`]}`))
	var got struct{ Results map[string]result }
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || len(got.Results) != len(items) {
		t.Fatalf("%d with %d results, %v: %.300s", w.Code, len(got.Results), err, w.Body)
	}
	for i, c := range items {
		r := got.Results[fmt.Sprint(i)]
		if c.status == http.StatusOK {
			if r.Bars != 60 || r.Type != "" {
				t.Errorf("%s fails with the others: %+v", c.item, r.Problem)
			}
			continue
		}
		var at FieldError
		if len(r.Errors) == 1 {
			at = r.Errors[0]
		}
		if r.Status != c.status || r.Type != "/problems/"+c.kind || at.Pointer != c.pointer || at.Code != c.code || r.Title == "" || r.Detail == "" || r.Instance == "" {
			t.Errorf("%s: %+v", c.item, r.Problem)
		}
	}
}

// TestRequestsThatAreTaken are next to refused ones.
func TestRequestsThatAreTaken(t *testing.T) {
	s := newServer(t)
	for name, body := range map[string]string{
		"a price of 0":              closes(0, 0, 1),
		"a missing value":           closes(1, nil, 2, 3),
		"times of RFC 3339":         `{"candles":{"timestamp":["2024-06-01T00:00:00Z","2024-06-01T01:30:00+01:00","2024-06-01T01:00:00.5Z"],"close":[1,2,3]}}`,
		"seconds below 1e11":        `{"candles":{"timestamp":[-5,0,99999999999],"close":[1,2,3]}}`,
		"milliseconds from 1e11":    `{"candles":{"timestamp":[100000000000,100000000001,100000000002],"close":[1,2,3]}}`,
		"last beyond the beginning": `{"candles":{"close":[1,2,3]},"last":1000}`,
		"as many as there may be":   `{"candles":` + columns(testCandles) + `}`,
		"an array of one's own":     `{"candles":{"close":[1,2,3]},"inputs":{"real":[-1,null,1]}}`,
	} {
		w := call(t, s, http.MethodPost, "/api/v1/indicators/max", contentType(mediaJSON+"; charset=utf-8"), []byte(strings.TrimSuffix(body, "}")+`,"params":{"period":2}}`))
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d %.300s", name, w.Code, w.Body)
		}
	}
}

// TestTimesReachIndicators: however timestamps are written, an indicator and a plugin
// read them in seconds; and of a plugin's parameters one may bind another.
func TestTimesReachIndicators(t *testing.T) {
	s := newServer(t)
	module := wasmtest.Guest{Name: "clock", Description: `{"name":"clock","version":"1.0.0","inputs":["timestamp"],` +
		`"params":[{"name":"short","default":2,"min":1,"max":9},{"name":"long","default":5,"min":1,"max":9,"at_least":"short"}],` +
		`"outputs":[{"name":"clock","unit":"none"}],"warmup":1}`}.Build()
	if w := call(t, s, http.MethodPost, "/api/v1/plugins", contentType(mediaWasm), module); w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"at_least":"short"`) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	post := func(name, rest string) *httptest.ResponseRecorder {
		return call(t, s, http.MethodPost, "/api/v1/indicators/"+name, contentType(mediaJSON), []byte(`{"candles":`+rest+`}`))
	}
	const prices = `,"high":[10,20,40],"low":[10,20,40],"close":[10,20,40],"volume":[1,3,1]}`
	for kind, times := range map[string]string{
		"seconds":      `[1717196400,1717199999,1717200000]`,
		"milliseconds": `[1717196400000,1717199999000,1717200000000]`,
		"RFC 3339":     `["2024-05-31T23:00:00Z","2024-06-01T01:59:59+02:00","2024-06-01T00:00:00Z"]`,
	} {
		for name, want := range map[string]string{"vwap_session": `[10,17.5,40]`, "clock": `[null,1717198199.5,1717199999.5]`} {
			if w := post(name, `{"timestamp":`+times+prices); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s of %s: %d %s, want %s", name, kind, w.Code, w.Body, want)
			}
		}
	}
	if w := post("clock", `{"close":[1,2]}`); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"/candles/timestamp"`) {
		t.Errorf("without times: %d %s", w.Code, w.Body)
	}
	if w := post("clock", `{"timestamp":[1,2]},"params":{"short":6}`); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"/params/long"`) {
		t.Errorf("crossed parameters: %d %s", w.Code, w.Body)
	}
}

// TestFormsAreEqual: candles as columns and as rows give the same bytes.
func TestFormsAreEqual(t *testing.T) {
	s := newServer(t)
	rows := `[{"open":1,"high":3,"low":1,"close":2},{"open":2,"high":4,"low":2,"close":null},{"open":3,"high":5,"low":3,"close":4.25}]`
	cols := `{"close":[2,null,4.25],"open":[1,2,3],"low":[1,2,3],"high":[3,4,5]}`
	rest := `,"params":{"period":1},"inputs":{"real":"ohlc4"}}`
	a := call(t, s, http.MethodPost, "/api/v1/indicators/sma", contentType(mediaJSON), []byte(`{"candles":`+cols+rest))
	b := call(t, s, http.MethodPost, "/api/v1/indicators/sma", contentType(mediaJSON), []byte(`{"candles":`+rows+rest))
	if a.Code != http.StatusOK || a.Body.String() != b.Body.String() {
		t.Errorf("by column %d %s\nby row %d %s", a.Code, a.Body, b.Code, b.Body)
	}
	if a.Header().Get("X-Cache") != "MISS" || b.Header().Get("X-Cache") != "HIT" {
		t.Errorf("X-Cache is %q, then %q", a.Header().Get("X-Cache"), b.Header().Get("X-Cache"))
	}
}

// TestUnknownNameSuggests: the answer to a misspelt name has the right one.
func TestUnknownNameSuggests(t *testing.T) {
	w := call(t, newServer(t), http.MethodGet, "/api/v1/indicators/stoc", nil, nil)
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if w.Code != 404 || len(p.Suggestions) == 0 || p.Suggestions[0] != "stoch" {
		t.Errorf("%d, suggestions %v", w.Code, p.Suggestions)
	}
}

// TestNeedAndGot: too few bars says how many it takes, and that many are enough.
func TestNeedAndGot(t *testing.T) {
	s := newServer(t)
	at := func(n int) (int, Problem) {
		w := call(t, s, http.MethodPost, "/api/v1/indicators/rsi", contentType(mediaJSON), []byte(`{"candles":`+columns(n)+`}`))
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		return w.Code, p
	}
	if status, p := at(10); status != 422 || p.Need != 15 || p.Got != 10 {
		t.Fatalf("10 bars: %d, need %d, got %d", status, p.Need, p.Got)
	}
	if status, p := at(14); status != 422 || p.Need != 15 {
		t.Fatalf("14 bars: %d, need %d", status, p.Need)
	}
	if status, _ := at(15); status != 200 {
		t.Fatalf("15 bars: %d", status)
	}
}

// TestMetrics: requests are counted by the template of their address, so that
// unknown addresses make one series, and none is active afterwards.
func TestMetrics(t *testing.T) {
	s := newServer(t)
	call(t, s, http.MethodGet, "/api/v1/indicators/rsi", nil, nil)
	call(t, s, http.MethodGet, "/api/v1/indicators/ema", nil, nil)
	call(t, s, http.MethodGet, "/scan/1", nil, nil)
	call(t, s, http.MethodGet, "/scan/2", nil, nil)
	w := call(t, s.Metrics.Handler(), http.MethodGet, "/metrics", nil, nil)
	for _, want := range []string{
		`http_requests_total{method="GET",route="/api/v1/indicators/:name",status="200"} 2`,
		`http_requests_total{method="GET",route="unmatched",status="404"} 2`,
		`http_requests_active 0`,
		`http_request_duration_seconds_count{method="GET",route="unmatched"} 2`,
	} {
		if !strings.Contains(w.Body.String(), want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

// TestRequestID: a plain id of the caller's comes back; anything else is
// replaced.
func TestRequestID(t *testing.T) {
	s := newServer(t)
	for given, kept := range map[string]bool{"abc-123_x.Y": true, "": false, "a b": false, "<script>": false, strings.Repeat("a", 129): false} {
		w := call(t, s, http.MethodGet, "/health", http.Header{"X-Request-Id": {given}}, nil)
		if id := w.Header().Get("X-Request-Id"); (id == given) != kept || id == "" {
			t.Errorf("the id %q came back as %q", given, id)
		}
	}
}

// TestPanicIsAProblem: a bug in a handler is a 500 without its text, and the
// service goes on.
func TestPanicIsAProblem(t *testing.T) {
	s := newServer(t)
	s.Ready = func() Readiness { panic("secret") }
	w := call(t, s, http.MethodGet, "/health/ready", nil, nil)
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := call(t, s, http.MethodGet, "/health/live", nil, nil); w.Code != 200 {
		t.Errorf("after the panic: %d", w.Code)
	}
}

// TestReady: 503 only while starting or draining.
func TestReady(t *testing.T) {
	s := newServer(t)
	for status, want := range map[string]int{StatusReady: 200, StatusDegraded: 200, StatusStarting: 503, StatusDraining: 503} {
		s.Ready = func() Readiness { return Readiness{Status: status, Checks: map[string]string{"a": "ok"}} }
		if w := call(t, s, http.MethodGet, "/health/ready", nil, nil); w.Code != want {
			t.Errorf("%s: %d, want %d", status, w.Code, want)
		}
	}
}

// TestStarting: until the plugins are loaded nothing of the API is answered with what
// is known so far, and nobody has tried anything; whether the process lives is.
func TestStarting(t *testing.T) {
	s := newServer(t, func(c *Config) { c.Starting = func() bool { return true } })
	for _, e := range s.endpoints {
		w := call(t, s, e.method, strings.NewReplacer(":name", "sma", ":digest", "d").Replace(e.path), nil, nil)
		turned := w.Code == http.StatusServiceUnavailable && strings.Contains(w.Body.String(), `"/problems/not-ready"`) && w.Header().Get("Retry-After") != ""
		if want := strings.HasPrefix(e.path, "/api/v1/"); turned != want {
			t.Errorf("%s %s: %d %.200s, turned away: %v, want %v", e.method, e.path, w.Code, w.Body, turned, want)
		}
	}
	entries, err := s.Audit.Service().Before(t.Context(), 0, 10)
	if err != nil || len(entries) != 0 {
		t.Errorf("the audit log has %+v, %v", entries, err)
	}
}

// TestBodyOfUnknownLength: the limit holds for a body that does not say how
// long it is.
func TestBodyOfUnknownLength(t *testing.T) {
	s := newServer(t)
	for n, want := range map[int]int{testBody: http.StatusBadRequest, testBody + 1: http.StatusRequestEntityTooLarge} { // no JSON, or too much of it
		req := httptest.NewRequest(http.MethodPost, "/api/v1/compute", io.MultiReader(bytes.NewReader(make([]byte, n))))
		req.Header.Set("Content-Type", mediaJSON)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if req.ContentLength != -1 || w.Code != want {
			t.Errorf("%d bytes: %d, want %d", n, w.Code, want)
		}
	}
}

// TestModuleTooLarge: what is too large for any module is refused as the gate would,
// before it is read, or once more has come than a module may have.
func TestModuleTooLarge(t *testing.T) {
	s := newServer(t, func(c *Config) { c.MaxBody = 32 << 20 })
	for _, declared := range []int64{10 << 20, -1} {
		body := &counted{left: 10 << 20}
		req := httptest.NewRequest(http.MethodPost, "/api/v1/plugins", body)
		req.ContentLength = declared
		req.Header.Set("Content-Type", mediaWasm)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		found, most := "10485760", 0
		if declared < 0 {
			found, most = "4194305", 5<<20
		}
		var p Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != http.StatusUnprocessableEntity || p.Gate != "size" || p.Detail != found+", at most 4194304 allowed" {
			t.Errorf("declared %d: %d %s (%v)", declared, w.Code, w.Body, err)
		}
		if body.read > most {
			t.Errorf("declared %d: %d bytes were read, want at most %d", declared, body.read, most)
		}
	}
}

// counted is a body of zeros.
type counted struct{ left, read int }

func (r *counted) Read(b []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := min(len(b), r.left)
	r.left -= n
	r.read += n
	return n, nil
}

// TestFaultsAreProblems: every way in which a running plugin fails is a 422 of
// its own, also as one item of many; TestHostileRuns has those that a module
// can be made to show.
func TestFaultsAreProblems(t *testing.T) {
	for _, kind := range []wasm.Kind{wasm.Trap, wasm.OutOfGas, wasm.Timeout, wasm.DepthExceeded, wasm.Memory, wasm.BadOutput} {
		p := problemOf(&partError{"/indicators/3", fmt.Errorf("run: %w", &wasm.Fault{Kind: kind, Detail: "why"})})
		if p.Status != http.StatusUnprocessableEntity || p.Type != "/problems/plugin-"+string(kind) || !strings.Contains(p.Detail, "why") {
			t.Errorf("%s is %+v", kind, p)
		}
	}
}
