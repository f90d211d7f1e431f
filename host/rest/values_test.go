package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/host/cache"
	"github.com/gravitywavesml/gravity_techanalysis/host/candle"
	"github.com/gravitywavesml/gravity_techanalysis/host/compute"
	wt "github.com/gravitywavesml/gravity_techanalysis/host/wasm/wasmtest"
	"github.com/gravitywavesml/gravity_techanalysis/sample"
)

// wide is a strategy of 16 outputs, each a third of the close, which takes 18 bytes
// of JSON. What x is does not matter: another one is another result.
func wide() []byte {
	const outputs = 16
	var described []string
	var each []byte
	for i := range outputs {
		name := fmt.Sprint("o", i)
		if i == 0 {
			name = "signal"
		}
		described = append(described, fmt.Sprintf(`{"name":%q,"unit":"none"}`, name))
		const i32Add, i32Mul, i32Shl, f64Mul = 0x6a, 0x6c, 0x74, 0xa2
		address := wt.Code(wt.Get(wt.Out), wt.Get(wt.Bar), wt.Get(wt.Stride), wt.Int(int32(i)), []byte{i32Mul, i32Add}, wt.Int(3), []byte{i32Shl, i32Add})
		each = wt.Code(each, address, wt.Close(0), wt.Float(1.0/3), []byte{f64Mul, 0x39, 3, 0})
	}
	next := wt.Code(wt.Get(wt.Bar), wt.Int(1), []byte{0x6a}, wt.Set(wt.Bar))
	return wt.Guest{
		Name:        "wide",
		Description: `{"name":"wide","version":"1.0.0","inputs":["close"],"params":[{"name":"x","default":1,"min":0,"max":1000}],"outputs":[` + strings.Join(described, ",") + `],"memory":"window","warmup":0}`,
		Run:         wt.Code([]byte{0x02, 0x40, 0x03, 0x40}, wt.Get(wt.Bar), wt.Get(wt.N), []byte{0x4f, 0x0d, 1}, each, next, []byte{0x0c, 0, 0x0b, 0x0b}, wt.Int(0)),
	}.Build()
}

// newBounded is a server of so many values, which calls look before it computes a
// result, and keeps none.
func newBounded(t *testing.T, values int, look func()) (s candidates) {
	t.Helper()
	s = candidates{Server: newServer(t, func(c *Config) {
		one, err := cache.New(1, compute.Size, func(bool) { look() })
		if err != nil {
			t.Fatal(err)
		}
		c.Compute = compute.New(c.Registry, one)
		c.MaxCandles, c.MaxValues = 10_000, values
	})}
	s.contract = contractOf(t, s)
	s.stores(t, "/api/v1/plugins", wide())
	return s
}

// thirds are as many bars, open and close, and as many items of wide.
func thirds(bars, items int) (open, closes []float64, indicators string) {
	w := sample.Walk(bars)
	var all []string
	for i := range items {
		all = append(all, fmt.Sprintf(`{"id":"i%d","name":"wide","params":{"x":%d}}`, i, i))
	}
	return w.Open, w.Close, "[" + strings.Join(all, ",") + "]"
}

// TestTooManyValues: a few words that ask for more values than one request may have
// are refused before a result is looked up or computed, wherever and however they
// are asked for, and with what to do instead the answer is there.
func TestTooManyValues(t *testing.T) {
	const bars, items, most = 1000, 20, 100_000
	looked := 0
	s := newBounded(t, most, func() { looked++ })
	looked = 0 // the pages of the documentation are drawn of some
	open, closes, indicators := thirds(bars, items)
	asJSON := `{"candles":{"open":` + string(candle.AppendColumn(nil, open, -1)) + `,"close":` + string(candle.AppendColumn(nil, closes, -1)) + `}`
	asArrow := stream(t, candle.NamedColumn{Name: "open", Values: open}, candle.NamedColumn{Name: "close", Values: closes})
	natives, query := `[`, ``
	for i := range items {
		natives += fmt.Sprintf(`{"id":"n%d","name":"bbands","params":{"period":%d}},`, i, i+2)
		query += fmt.Sprintf("&indicator=i%d:wide:x=%d", i, i)
	}
	natives = natives[:len(natives)-1] + `]`
	post := func(path, accept, media string, body []byte) reply {
		w := call(t, s, http.MethodPost, path, http.Header{"Content-Type": {media}, "Accept": {accept}}, body)
		return reply{w.Code, w.Header(), w.Body.Bytes()}
	}
	refused := func(name string, r reply, need int, pointer string) {
		t.Helper()
		p := r.refused(t, http.StatusUnprocessableEntity, "invalid-request", fmt.Sprintf("this is %d values", need))
		for _, want := range []string{fmt.Sprintf("at most %d ", s.MaxValues), "fewer candles", "MAX_VALUES"} {
			if !strings.Contains(p.Detail, want) {
				t.Errorf("%s: %q does not say %q", name, p.Detail, want)
			}
		}
		if len(p.Errors) != 1 || p.Errors[0].Pointer != pointer || p.Errors[0].Code != "too-many" {
			t.Errorf("%s: %+v, want %s", name, p.Errors, pointer)
		}
		if looked != 0 {
			t.Errorf("%s: %d results were looked up", name, looked)
		}
	}
	answered := func(name string, r reply) {
		t.Helper()
		if r.status != http.StatusOK || looked == 0 || strings.Contains(string(r.body), `"/problems/`) {
			t.Errorf("%s: %d, %d looked up: %.300s", name, r.status, looked, r.body)
		}
		looked = 0
	}
	many := func(indicators, more string) []byte {
		return []byte(asJSON + `,"indicators":` + indicators + more + `}`)
	}
	for _, accept := range []string{mediaJSON, mediaArrow} {
		refused("a plugin for "+accept, post("/api/v1/compute", accept, mediaJSON, many(indicators, "")), 16*items*bars, "/indicators")
		refused("its last bars for "+accept, post("/api/v1/compute", accept, mediaJSON, many(indicators, `,"last":313`)), 16*items*313, "/indicators")
		answered("fewer last bars for "+accept, post("/api/v1/compute", accept, mediaJSON, many(indicators, `,"last":312`)))
		refused("Arrow for "+accept, post("/api/v1/compute?last=500"+query, accept, mediaArrow, asArrow), 16*items*500, "/indicators")
		answered("fewer by Arrow for "+accept, post("/api/v1/compute?last=100"+query, accept, mediaArrow, asArrow))
	}
	answered("natives, as many as fit", post("/api/v1/compute", mediaJSON, mediaJSON, many(natives, "")))

	s.MaxValues = 3*items*bars - 1
	refused("natives, one value more", post("/api/v1/compute", mediaJSON, mediaJSON, many(natives, "")), 3*items*bars, "/indicators")
	s.MaxValues = 16*bars - 1
	refused("one indicator", post("/api/v1/indicators/wide", mediaJSON, mediaJSON, []byte(asJSON+`}`)), 16*bars, "/last")
	refused("one by Arrow", post("/api/v1/indicators/wide?x=7", mediaArrow, mediaArrow, asArrow), 16*bars, "/last")
	answered("its last bars", post("/api/v1/indicators/wide?last=999", mediaArrow, mediaArrow, asArrow))
	s.MaxValues = 20*bars - 1
	refused("a backtest", post("/api/v1/backtests", mediaJSON, mediaJSON, []byte(asJSON+`,"strategy":{"name":"wide"},"last":1}`)), 20*bars, "/candles")
	refused("a backtest by Arrow", post("/api/v1/backtests?strategy=wide&last=1", mediaJSON, mediaArrow, asArrow), 20*bars, "/candles")
	s.MaxValues = 20 * bars
	answered("the longest backtest", post("/api/v1/backtests?strategy=wide&last=1", mediaJSON, mediaArrow, asArrow))
}

// held counts what is in use while an answer is computed and while it comes: before
// each result, in its first part and in each that is large.
type held struct {
	*httptest.ResponseRecorder
	parts, bytes int
	most         uint64
}

func (h *held) look() { h.most = max(h.most, alive()) }

func (h *held) Write(b []byte) (int, error) {
	if h.parts == 0 || len(b) > 1<<20 {
		h.look()
	}
	h.parts++
	h.bytes += len(b)
	return len(b), nil
}

// alive is how many bytes are in use.
func alive() uint64 {
	runtime.GC()
	runtime.GC() // what pools had
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// allocated is how many bytes there ever were.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestLargestAnswersAreBounded: the longest answers that are allowed are not held
// beside their values, which take 8 bytes each, nor is there room made for them; and
// of results of which the last bars are asked for nothing else is held.
func TestLargestAnswersAreBounded(t *testing.T) {
	const bars, items = 10_000, 20
	const values = 8 * 16 * items * bars // in bytes
	look := func() {}
	s := newBounded(t, 16*items*bars, func() { look() })
	_, closes, indicators := thirds(bars, items)
	candles := `{"candles":{"close":` + string(candle.AppendColumn(nil, closes, -1)) + `},"indicators":` + indicators
	for _, c := range []struct {
		name, accept, more string
		bytes              int
		held, made         uint64 // at most
	}{
		{"JSON", mediaJSON, `}`, 16 * items * bars * 15, values + 12<<20, values + 40<<20},
		{"Arrow", mediaArrow, `}`, values, values + 4<<20, values + 8<<20},
		{"the last bar", mediaJSON, `,"last":1}`, 16 * items, 4 << 20, values + 8<<20},
	} {
		req := httptest.NewRequest(http.MethodPost, "/api/v1/compute", strings.NewReader(candles+c.more))
		req.Header.Set("Content-Type", mediaJSON)
		req.Header.Set("Accept", c.accept)
		w := &held{ResponseRecorder: httptest.NewRecorder()}
		look = w.look
		before, made := alive(), allocated()
		s.ServeHTTP(w, req)
		made = allocated() - made
		if w.Code != http.StatusOK || w.bytes < c.bytes || w.Header().Get("Content-Type") != c.accept || w.Header().Get(headerCache) != "MISS" {
			t.Errorf("%s: %d, %d bytes, %v", c.name, w.Code, w.bytes, w.Header())
		}
		held := int64(w.most) - int64(before)
		t.Logf("%s: %d bytes in %d parts, %d held, %d made", c.name, w.bytes, w.parts, held, made)
		if held > int64(c.held) || made > c.made {
			t.Errorf("%s of %d bytes: %d are held and %d made, at most %d and %d wanted", c.name, w.bytes, held, made, c.held, c.made)
		}
	}
	look = func() {}

	// In parts it is the same answer.
	var all struct{ Results map[string]result }
	l := httptest.NewServer(s)
	defer l.Close()
	r := live{l.URL}.json(t, "/api/v1/compute", candles+`}`)
	if r.into(t, http.StatusOK, &all); len(all.Results) != items || !json.Valid(r.body) {
		t.Fatalf("%d results", len(all.Results))
	}
	third := make([]float64, bars)
	for i, v := range closes {
		third[i] = v * (1.0 / 3)
	}
	for id, got := range all.Results {
		if len(got.Outputs) != 16 {
			t.Fatalf("%s has %d outputs", id, len(got.Outputs))
		}
		for name, col := range got.Outputs {
			sameBits(t, id, numbers{name: col}, numbers{name: third})
		}
	}
}
