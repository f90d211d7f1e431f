package sidecar

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// agent is a sidecar that is ready after so many questions.
func agent(t *testing.T, refusals int64) (p Proxy, asked, quit *atomic.Int64) {
	t.Helper()
	asked, quit = new(atomic.Int64), new(atomic.Int64)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz/ready", func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) <= refusals {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /quitquitquit", func(http.ResponseWriter, *http.Request) { quit.Add(1) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return Proxy{s.URL, s.URL}, asked, quit
}

// nobody is an address that refuses connections.
func nobody(t *testing.T) Proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	return Proxy{"http://" + l.Addr().String(), "http://" + l.Addr().String()}
}

func TestWait(t *testing.T) {
	p, asked, _ := agent(t, 2)
	if err := p.Wait(context.Background()); err != nil || asked.Load() != 3 {
		t.Errorf("%v after %d questions", err, asked.Load())
	}
}

// TestWaitEnds: a sidecar that does not come is no reason to wait for ever, and
// a refused connection none to give up.
func TestWaitEnds(t *testing.T) {
	never, _, _ := agent(t, 1<<40)
	for name, p := range map[string]Proxy{"never ready": never, "not there": nobody(t)} {
		ctx, cancel := context.WithTimeout(context.Background(), 2*every)
		err := p.Wait(ctx)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "wait for the sidecar") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWaitFromRefused: it is not up at first, and is later.
func TestWaitFromRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	if status, err := call(context.Background(), http.MethodGet, "http://"+addr); err == nil {
		t.Skipf("the port was taken meanwhile: %d", status)
	}
	ended := make(chan error, 1)
	go func() { ended <- Proxy{Status: "http://" + addr}.Wait(context.Background()) }()
	if l, err = net.Listen("tcp", addr); err != nil {
		t.Skipf("the port was taken meanwhile: %v", err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
	go s.Serve(l)
	defer s.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestQuit(t *testing.T) {
	p, _, quit := agent(t, 0)
	if err := p.Quit(context.Background()); err != nil || quit.Load() != 1 {
		t.Errorf("%v, ended %d times", err, quit.Load())
	}
	if err := nobody(t).Quit(context.Background()); err != nil {
		t.Errorf("without a sidecar: %v", err)
	}
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	if err := (Proxy{Agent: other.URL}).Quit(context.Background()); err == nil {
		t.Error("something else on the port is taken for a sidecar")
	}
}
