package telemetry

import (
	"bytes"
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracev1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// otlp is a collector in this process, which keeps what it is sent: a real one
// is asked in e2e.
func otlp(t *testing.T) (handler http.HandlerFunc, spans <-chan *tracev1.Span) {
	got := make(chan *tracev1.Span, 100)
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var req collector.ExportTraceServiceRequest
		if err != nil || proto.Unmarshal(body, &req) != nil || r.URL.Path != "/v1/traces" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		for _, rs := range req.ResourceSpans {
			if a := rs.Resource.Attributes[0]; a.Key != "service.name" || a.Value.GetStringValue() != "technical-analysis" {
				t.Errorf("the resource is %v", rs.Resource)
			}
			for _, ss := range rs.ScopeSpans {
				for _, s := range ss.Spans {
					got <- s
				}
			}
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}, got
}

func receiveSpan(t *testing.T, spans <-chan *tracev1.Span) *tracev1.Span {
	t.Helper()
	select {
	case s := <-spans:
		return s
	case <-time.After(20 * time.Second):
		t.Fatal("the collector was sent nothing")
		return nil
	}
}

// locked is a buffer for a log that several goroutines write.
type locked struct {
	mu      sync.Mutex
	b       bytes.Buffer
	written chan struct{} // has something after an entry; nil: nobody waits for one
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case l.written <- struct{}{}:
	default:
	}
	return l.b.Write(p)
}

func (l *locked) count(what string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.b.String(), what)
}

func newSpans(t *testing.T, endpoint string, ratio float64, log io.Writer) *Spans {
	t.Helper()
	s, err := NewSpans(t.Context(), endpoint, ratio, "1.2.3", slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	parentID = "4bf92f3577b34da6a3ce929d0e0e4736"
	sampled  = "00-" + parentID + "-00f067aa0ba902b7-01"
	dropped  = "00-" + parentID + "-00f067aa0ba902b7-00"
)

// TestSpans: the caller decides whether a request is recorded, and where it did
// not the ratio does; the span is in the caller's trace, and says what was
// asked and answered.
func TestSpans(t *testing.T) {
	handler, got := otlp(t)
	srv := httptest.NewServer(handler)
	defer srv.Close()
	for _, c := range []struct {
		name        string
		ratio       float64
		traceparent string
		recorded    bool
	}{
		{"the caller's trace", 0, sampled, true},
		{"the caller wants none", 1, dropped, false},
		{"of all that begin here", 1, "", true},
		{"of none that begin here", 0, "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSpans(t, srv.URL, c.ratio, io.Discard)
			h := http.Header{}
			if c.traceparent != "" {
				h.Set("traceparent", c.traceparent)
			}
			ctx := s.Receive(t.Context(), h, "r-1")
			if id := TraceID(ctx); len(id) != 32 || c.traceparent != "" && id != parentID {
				t.Errorf("the trace is %q", id)
			}
			Answered(ctx, "POST", "/api/v1/compute", 503)
			if err := s.Close(t.Context()); err != nil {
				t.Error(err)
			}
			if !c.recorded {
				if len(got) > 0 {
					t.Errorf("it was recorded: %v", <-got)
				}
				return
			}
			span := receiveSpan(t, got)
			if span.Name != "POST /api/v1/compute" || span.Kind != tracev1.Span_SPAN_KIND_SERVER || span.Status.Code != tracev1.Status_STATUS_CODE_ERROR {
				t.Errorf("%v", span)
			}
			if parent := span.ParentSpanId; (len(parent) > 0) != (c.traceparent != "") {
				t.Errorf("its parent is %x", parent)
			}
		})
	}
}

// TestSpansForwarded: those who are called for a request are children of its
// span, not of the caller's.
func TestSpansForwarded(t *testing.T) {
	handler, got := otlp(t)
	srv := httptest.NewServer(handler)
	defer srv.Close()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Seen", r.Header.Get("traceparent"))
	}))
	defer other.Close()
	s := newSpans(t, srv.URL, 0, io.Discard)
	ctx := s.Receive(t.Context(), http.Header{"Traceparent": {sampled}}, "r-1")
	call, err := http.NewRequestWithContext(ctx, http.MethodGet, other.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&http.Client{Transport: Forward(http.DefaultTransport)}).Do(call)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	Answered(ctx, "GET", "/", 200)
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
	span := receiveSpan(t, got)
	want := "00-" + parentID + "-" + hex.EncodeToString(span.SpanId) + "-01"
	if seen := res.Header.Get("Seen"); seen != want {
		t.Errorf("the call says %q, want %q", seen, want)
	}
}

// TestCollectorAway: a collector that is away keeps nobody waiting, is said to
// be away, once in the log, and gets what was recorded when it is back.
func TestCollectorAway(t *testing.T) {
	handler, got := otlp(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	log := locked{written: make(chan struct{}, 1)}
	s := newSpans(t, "http://"+addr, 1, &log)
	if s.Status() != "ok" {
		t.Errorf("before anything was sent it is %q", s.Status())
	}
	Answered(s.Receive(t.Context(), http.Header{}, "r-1"), "GET", "/", 200)
	select {
	case <-log.written: // that it is away, as below
	case <-time.After(20 * time.Second):
		t.Fatal("the log says nothing of a collector that is away")
	}
	if !strings.HasPrefix(s.Status(), "away: ") {
		t.Errorf("the status is %q", s.Status())
	}
	if l, err = net.Listen("tcp", addr); err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: handler}
	go srv.Serve(l)
	defer srv.Close()
	if span := receiveSpan(t, got); span.Name != "GET /" {
		t.Errorf("%v", span)
	}
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if s.Status() != "ok" || log.count("is away") != 1 || log.count("is back") != 1 {
		t.Errorf("it is back, and the status is %q; the log:\n%s", s.Status(), log.b.String())
	}
}

// TestCloseWithoutCollector: the end does not wait for one that is away.
func TestCloseWithoutCollector(t *testing.T) {
	var log locked
	s := newSpans(t, "http://127.0.0.1:1", 1, &log)
	Answered(s.Receive(t.Context(), http.Header{}, "r-1"), "GET", "/", 200)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Error(err)
	}
	if log.count("spans are lost") != 1 {
		t.Errorf("the log does not say what was lost:\n%s", log.b.String())
	}
}
