package slo

import (
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "record the answers of the Prometheus that the tests start")

var target = Target{Namespace: "tech-analysis-prod", App: "technical-analysis", Service: "technical-analysis-service", Stable: "stable", Canary: "canary"}

var milliseconds = regexp.MustCompile(`\b[0-9]+ms\b`)

// normal is a query without its window, which is not twice the same.
func normal(query string) string { return milliseconds.ReplaceAllString(query, "Nms") }

// recorder passes calls on to Prometheus and keeps the last answer to each
// query.
type recorder struct {
	mu      sync.Mutex
	answers map[string]json.RawMessage
}

func (r *recorder) before(t *testing.T, prometheus string) string {
	u, err := url.Parse(prometheus)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		form, _ := url.ParseQuery(string(body))
		req.Body = io.NopCloser(strings.NewReader(string(body)))
		req.Header.Del("Accept-Encoding") // an answer that can be read
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, req)
		r.mu.Lock()
		r.answers[normal(form.Get("query"))] = answer.Body.Bytes()
		r.mu.Unlock()
		w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func (r *recorder) save(t *testing.T, name string) {
	text, err := json.MarshalIndent(r.answers, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", name), append(text, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}

// recorded is a stand-in for Prometheus: it has the answers that a real one
// gave in TestPrometheus, and refuses every other query as Prometheus would one
// that it cannot read.
func recorded(t *testing.T, name string) string {
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var answers map[string]json.RawMessage
	if err := json.Unmarshal(text, &answers); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer, ok := answers[normal(req.FormValue("query"))]
		if !ok {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"status":"error","errorType":"bad_data","error":"no such answer was recorded"}`)
			return
		}
		_, _ = w.Write(answer)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestRecorded(t *testing.T) {
	for _, name := range []string{"envoy.json", "istio.json"} {
		t.Run(name, func(t *testing.T) {
			p, err := New(recorded(t, name), target)
			if err != nil {
				t.Fatal(err)
			}
			now := time.Now()
			service, gateway, missing, err := p.Views(t.Context(), now.Add(-time.Minute), now)
			if err != nil || len(missing) > 0 {
				t.Fatal(err, missing)
			}
			expect(t, service, gateway, name == "istio.json")
		})
	}
}

// TestNothing: an empty Prometheus, and one that is not there.
func TestNothing(t *testing.T) {
	empty := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"status":"success","data":{"resultType":"vector","result":[]}}`)
	}))
	p, err := New(empty.URL, target)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	service, gateway, missing, err := p.Views(t.Context(), now.Add(-time.Minute), now)
	if err != nil || service != nil || gateway != nil || len(missing) != 2 ||
		!strings.Contains(missing[1], "no istio_requests_total and no envoy_cluster_upstream_rq") {
		t.Errorf("%v %v %q %v", service, gateway, missing, err)
	}
	empty.Close()
	if _, _, _, err := p.Views(t.Context(), now.Add(-time.Minute), now); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("Prometheus is away, and the error is %v", err)
	}
	for _, address := range []string{"", "prometheus:9090", "ftp://prometheus"} {
		if _, err := New(address, target); err == nil {
			t.Errorf("%q was taken for a URL", address)
		}
	}
}

func TestWindow(t *testing.T) {
	now := time.Now()
	for d, want := range map[time.Duration]string{0: "1ms", -time.Hour: "1ms", 90 * time.Second: "90000ms"} {
		if got := window(now.Add(-d), now); got != want {
			t.Errorf("%s is written %s, want %s", d, got, want)
		}
	}
}
