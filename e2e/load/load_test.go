package load_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/e2e/load"
)

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// Every request is counted once and has a body of its own, and half of them come
// over connections of their own.
func TestCounts(t *testing.T) {
	var served, conns atomic.Int64
	var seen sync.Map
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if _, again := seen.LoadOrStore(string(body), true); again || !strings.HasPrefix(string(body), "candles") || r.Header.Get("X-Kind") != "test" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		served.Add(1)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	l := load.Start(100, load.Target{
		Method: http.MethodPost, URL: srv.URL, Body: func(n int) []byte { return fmt.Append(nil, "candles ", n) }, Header: http.Header{"X-Kind": {"test"}},
	})
	if err := l.Await(within(t), 60); err != nil {
		t.Fatal(err)
	}
	got := l.Stop()
	if got.Failed > 0 || int64(got.Answered) != served.Load() {
		t.Errorf("%+v of %d served", got, served.Load())
	}
	if c := conns.Load(); c < int64(got.Answered)/3 || c > int64(got.Answered)*3/4 {
		t.Errorf("%d connections for %d requests", c, got.Answered)
	}
	if got.Kept.Answered+got.Fresh.Answered != got.Answered || got.Fresh.Connected != got.Fresh.Answered || int64(got.Kept.Connected+got.Fresh.Connected) != conns.Load() {
		t.Errorf("%d connections, and the kinds are %+v", conns.Load(), got)
	}
	if p := got.Kept.PerSecond(2 * time.Second); p != float64(got.Kept.Answered)/2 {
		t.Errorf("%v a second", p)
	}
}

// Targets are asked in turn, one that comes later from then on.
func TestTargets(t *testing.T) {
	var seen [3]atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen[r.URL.Path[1]-'0'].Add(1)
		if r.URL.Path == "/2" {
			http.NotFound(w, r)
		}
	}))
	defer srv.Close()
	to := func(path string) load.Target {
		return load.Target{Method: http.MethodPost, URL: srv.URL + path, Header: http.Header{}}
	}
	l := load.Start(100, to("/0"), to("/1"))
	if err := l.Await(within(t), 40); err != nil {
		t.Fatal(err)
	}
	if a, b := seen[0].Load(), seen[1].Load(); a < 15 || b < 15 || seen[2].Load() > 0 {
		t.Errorf("%d and %d of 40 requests went to the targets", a, b)
	}
	l.Also(to("/2"))
	if err := l.Await(within(t), 60); err != nil {
		t.Fatal(err)
	}
	got := l.Stop()
	if int64(got.Failed) != seen[2].Load() || got.Failed < 10 || int64(got.Answered) != seen[0].Load()+seen[1].Load() || got.Kept.Failed+got.Fresh.Failed != got.Failed {
		t.Errorf("%+v", got)
	}
}

// With KeptAlive connections are used again. A request that has to wait while one
// is made may be sent over another: so there can be one that nothing was sent over.
func TestKeptAlive(t *testing.T) {
	var conns atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	l := load.Start(100, load.Target{Method: http.MethodPost, URL: srv.URL, Header: http.Header{}, KeptAlive: true})
	if err := l.Await(within(t), 200); err != nil {
		t.Fatal(err)
	}
	if got := l.Stop(); got.Failed > 0 || conns.Load() > int64(got.Answered)/2 {
		t.Errorf("%d connections for %+v", conns.Load(), got)
	} else if int64(got.Kept.Connected+got.Fresh.Connected) > conns.Load() {
		t.Errorf("%d connections, and the kinds are %+v", conns.Load(), got)
	}
}

// A refusal, a connection that is cut and an answer that is cut are failures,
// and none of them is tried again.
func TestFailures(t *testing.T) {
	var n atomic.Int64
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n.Add(1) % 3 {
		case 0:
			http.Error(w, "no", http.StatusServiceUnavailable)
		case 1:
			panic(http.ErrAbortHandler) // before anything was written
		case 2:
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
		}
	}))
	defer srv.Close()
	l := load.Start(100, load.Target{Method: http.MethodPost, URL: srv.URL, Body: func(int) []byte { return []byte("x") }, Header: http.Header{}})
	if err := l.Await(within(t), 60); err != nil {
		t.Fatal(err)
	}
	got := l.Stop()
	if got.Answered != 0 || int64(got.Failed) != n.Load() {
		t.Errorf("%d answered, %d failed, %d were served", got.Answered, got.Failed, n.Load())
	}
	all := strings.Join(got.Failures, "\n")
	for _, want := range []string{"503", "EOF"} {
		if !strings.Contains(all, want) {
			t.Errorf("no failure says %s:\n%s", want, all)
		}
	}
}

// Without an answer nothing is awaited for ever.
func TestHalt(t *testing.T) {
	hold := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-hold }))
	defer srv.Close()
	l := load.Start(50, load.Target{Method: http.MethodPost, URL: srv.URL, Header: http.Header{}})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if err := l.Await(ctx, 1); err == nil {
		t.Error("nothing was answered, and Await returned")
	}
	close(hold)
	if got := l.Stop(); got.Failed > 0 || got.Answered == 0 {
		t.Errorf("%+v", got)
	}
}

// TestFlood: every request is sent once, and never more at a time than there are
// connections.
func TestFlood(t *testing.T) {
	var served, now, most, conns atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		served.Add(1)
		for n := now.Add(1); ; {
			if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		now.Add(-1)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	got := load.Flood(within(t), 3, 200, load.Target{Method: http.MethodGet, URL: srv.URL, Header: http.Header{}})
	if got.Answered != 200 || got.Failed > 0 || served.Load() != 200 || got.Took <= 0 {
		t.Errorf("%+v, %d were served", got, served.Load())
	}
	if most.Load() > 3 || conns.Load() > 3 {
		t.Errorf("%d at a time over %d connections", most.Load(), conns.Load())
	}
}

// A varied body differs in its first closing price, which stays within the candle,
// and in nothing else; what has none is refused.
func TestVaried(t *testing.T) {
	nth, err := load.Varied(load.Compute())
	if err != nil {
		t.Fatal(err)
	}
	type request struct {
		Candles struct{ Open, High, Low, Close, Volume []float64 }
	}
	var first, second request
	for n, r := range []*request{&first, &second} {
		if err := json.Unmarshal(nth(n), r); err != nil {
			t.Fatal(err)
		}
	}
	c, d := first.Candles, second.Candles
	if c.Close[0] == d.Close[0] || !(d.Low[0] <= d.Close[0] && d.Close[0] <= d.High[0]) {
		t.Errorf("closing prices %v and %v of a candle from %v to %v", c.Close[0], d.Close[0], d.Low[0], d.High[0])
	}
	d.Close[0] = c.Close[0]
	if !reflect.DeepEqual(c, d) || len(c.Close) != 1000 {
		t.Errorf("other differences, or %d candles", len(c.Close))
	}
	for _, body := range []string{`{`, `{"candles": {}}`, `{"candles": {"low": [1], "high": [2]}}`, `{"candles": {"low": [1], "high": [1], "close": [1, 2]}}`} {
		if _, err := load.Varied([]byte(body)); err == nil {
			t.Errorf("%s can be varied", body)
		}
	}
}
