package telemetry

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestForward: what names a request goes on to those that are called for it,
// over HTTP both times.
func TestForward(t *testing.T) {
	got := make(chan http.Header, 1)
	other := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Clone() }))
	defer other.Close()
	client := &http.Client{Transport: Forward(http.DefaultTransport)}
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := (*Spans)(nil).Receive(r.Context(), r.Header, r.Header.Get("X-Request-Id"))
		w.Header().Set("Trace-Id", TraceID(ctx))
		call, err := http.NewRequestWithContext(ctx, http.MethodGet, other.URL, nil)
		if err != nil {
			t.Error(err)
			return
		}
		res, err := client.Do(call)
		if err != nil {
			t.Error(err)
			return
		}
		res.Body.Close()
		if len(call.Header) > 0 {
			t.Errorf("the caller's request was changed: %v", call.Header)
		}
	}))
	defer service.Close()

	const (
		id     = "4bf92f3577b34da6a3ce929d0e0e4736"
		span   = "00f067aa0ba902b7"
		parent = "00-" + id + "-" + span + "-01"
	)
	for name, c := range map[string]struct {
		in, out map[string]string // "" in out: absent
		trace   string            // "" for one that begins here
	}{
		"W3C": {
			map[string]string{"traceparent": parent, "tracestate": "a=1,b=2", "x-request-id": "r-1"},
			map[string]string{"traceparent": parent, "tracestate": "a=1,b=2", "x-request-id": "r-1", "b3": "", "x-b3-traceid": ""}, id,
		},
		"W3C, not sampled": {
			map[string]string{"traceparent": "00-" + id + "-" + span + "-00"},
			map[string]string{"traceparent": "00-" + id + "-" + span + "-00", "tracestate": ""}, id,
		},
		"b3 in many headers": {
			map[string]string{"x-b3-traceid": id, "x-b3-spanid": span, "x-b3-sampled": "1"},
			map[string]string{"traceparent": parent, "x-b3-traceid": id, "x-b3-spanid": span, "x-b3-sampled": "1"}, id,
		},
		"b3 in one": {
			map[string]string{"b3": id + "-" + span + "-1"},
			map[string]string{"traceparent": parent, "b3": id + "-" + span + "-1"}, id,
		},
		"both: W3C wins": {
			map[string]string{"traceparent": parent, "b3": "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"},
			map[string]string{"traceparent": parent, "b3": ""}, id,
		},
		"a bad traceparent falls back": {
			map[string]string{"traceparent": "00-xyz", "b3": id + "-" + span + "-1"},
			map[string]string{"traceparent": parent}, id,
		},
		"a bad traceparent":     {map[string]string{"traceparent": "00-" + id + "-0000000000000000-01", "tracestate": "a=1"}, map[string]string{"tracestate": "", "b3": ""}, ""},
		"nothing":               {nil, map[string]string{"tracestate": "", "b3": ""}, ""},
		"a trace of all zeroes": {map[string]string{"traceparent": "00-00000000000000000000000000000000-" + span + "-01"}, nil, ""},
	} {
		req, err := http.NewRequest(http.MethodGet, service.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		for k, v := range c.in {
			req.Header.Set(k, v)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		out := <-got
		for k, want := range c.out {
			if out.Get(k) != want {
				t.Errorf("%s: %s goes on as %q, want %q", name, k, out.Get(k), want)
			}
		}
		trace := res.Header.Get("Trace-Id")
		if c.trace != "" && trace != c.trace || len(trace) != 32 || c.trace == "" && trace == id {
			t.Errorf("%s: the trace is %q, want %q", name, trace, c.trace)
		}
		if want := "00-" + trace + "-"; len(out.Get("traceparent")) != 55 || out.Get("traceparent")[:36] != want {
			t.Errorf("%s: traceparent goes on as %q, the trace is %s", name, out.Get("traceparent"), trace)
		}
	}
}

// TestForwardWithoutRequest: a call that is made for no request says nothing.
func TestForwardWithoutRequest(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Traceparent", "X-Request-Id", "B3"} {
			if r.Header.Get(name) != "" {
				w.WriteHeader(http.StatusTeapot)
			}
		}
	}))
	defer other.Close()
	res, err := (&http.Client{Transport: Forward(http.DefaultTransport)}).Get(other.URL)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("%v, %v", res, err)
	}
	if ctx := context.Background(); TraceID(ctx) != "" || RequestID(ctx) != "" {
		t.Error("a context of no request has a trace or an id")
	}
}

func BenchmarkReceive(b *testing.B) {
	for name, h := range map[string]http.Header{
		"W3C":     {"Traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}},
		"nothing": {},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				(*Spans)(nil).Receive(b.Context(), h, "r")
			}
		})
	}
}
