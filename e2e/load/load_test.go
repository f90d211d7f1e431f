package load_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
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

// Every request is counted once, and half of them come over connections of their
// own.
func TestCounts(t *testing.T) {
	var served, conns atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) != "candles" || r.Header.Get("X-Kind") != "test" {
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
	l := load.Start(load.Target{
		Method: http.MethodPost, URL: srv.URL, Body: []byte("candles"), Header: http.Header{"X-Kind": {"test"}},
	}, 100)
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
}

// With KeptAlive there are no more connections than requests at one time.
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
	l := load.Start(load.Target{Method: http.MethodPost, URL: srv.URL, Header: http.Header{}, KeptAlive: true}, 100)
	if err := l.Await(within(t), 60); err != nil {
		t.Fatal(err)
	}
	if got := l.Stop(); got.Failed > 0 || conns.Load() > int64(got.Answered)/3 {
		t.Errorf("%d connections for %+v", conns.Load(), got)
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
	l := load.Start(load.Target{Method: http.MethodPost, URL: srv.URL, Body: []byte("x"), Header: http.Header{}}, 100)
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
	l := load.Start(load.Target{Method: http.MethodPost, URL: srv.URL, Header: http.Header{}}, 50)
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
