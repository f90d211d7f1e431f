package slo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/host/telemetry"
	"github.com/gravitywavesml/gravity_techanalysis/mesh/canary"
	"github.com/gravitywavesml/gravity_techanalysis/mesh/meshtest"
)

// What TestPrometheus has the versions do, and every test expects.
const (
	stableRequests, stableErrors = 400, 4
	canaryRequests, canaryErrors = 100, 3
)

// expect holds views to what was done. What the gateway measured is Envoy's own
// affair but in the figures of Istio, which the test makes up.
func expect(t *testing.T, service, gateway *canary.View, istio bool) {
	t.Helper()
	if service == nil || gateway == nil {
		t.Fatal("a view is missing")
	}
	source := "envoy_cluster_upstream_rq"
	if istio {
		source = "istio_requests_total"
	}
	if service.Source != "http_requests_total" || gateway.Source != source {
		t.Errorf("counted %s and %s", service.Source, gateway.Source)
	}
	for name, v := range map[string]*canary.View{"service": service, "gateway": gateway} {
		if v.Stable.Requests != stableRequests || v.Stable.Errors != stableErrors {
			t.Errorf("%s: stable %v of %v failed", name, v.Stable.Errors, v.Stable.Requests)
		}
		if v.Canary.Requests != canaryRequests || v.Canary.Errors != canaryErrors {
			t.Errorf("%s: canary %v of %v failed", name, v.Canary.Errors, v.Canary.Requests)
		}
		for _, h := range []canary.Histogram{v.Stable.Latency, v.Canary.Latency} {
			if len(h) < 3 || !math.IsInf(h[len(h)-1].Le, 1) {
				t.Errorf("%s: the histogram is %v", name, h)
			}
		}
		if v.Canary.Latency.Total() < canaryRequests-canaryErrors || v.Canary.Latency.Total() > canaryRequests {
			t.Errorf("%s: %v latencies of the canary", name, v.Canary.Latency.Total())
		}
	}
	// 2 ms each in the stable version: within (1, 2.5]; 4 ms in the canary: (2.5, 5].
	if q := service.Stable.Latency.Quantile(0.95); q < 0.001 || q > 0.0025 {
		t.Errorf("stable p95 is %v s", q)
	}
	if q := service.Canary.Latency.Quantile(0.95); q < 0.0025 || q > 0.005 {
		t.Errorf("canary p95 is %v s", q)
	}
}

// pod is what Prometheus scrapes: metrics that can be exchanged for fresh ones,
// as when a container starts again.
type pod struct {
	metrics atomic.Pointer[telemetry.Metrics]
	address string
}

func newPod(t *testing.T) *pod {
	p := new(pod)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := p.metrics.Load()
		if m == nil {
			http.Error(w, "not yet", http.StatusServiceUnavailable)
			return
		}
		m.Handler().ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	p.address = s.Listener.Addr().String()
	return p
}

func (p *pod) start() { p.metrics.Store(telemetry.New()) }

func (p *pod) answer(n int, status int, took float64) {
	m := p.metrics.Load()
	for range n {
		m.Requests.WithLabelValues("POST", "/api/v1/compute", strconv.Itoa(status)).Inc()
		m.Duration.WithLabelValues("POST", "/api/v1/compute").Observe(took)
	}
	// What the kubelet asks counts for nothing.
	m.Requests.WithLabelValues("GET", "/health/ready", "503").Add(50)
	m.Duration.WithLabelValues("GET", "/health/ready").Observe(3)
}

// gateway is what stands before the pods: it answers a request of a version
// with a status, and has metrics.
type gateway interface {
	request(t *testing.T, version string, status int)
	scraped() (address, path string)
}

// TestPrometheus counts with a real Prometheus, which scrapes the product's
// instruments and a gateway: a real Envoy with Istio's names, or made-up metrics
// of Istio. Every count must be exact, for series that were there before and for
// those that begin in the window.
func TestPrometheus(t *testing.T) {
	program := meshtest.Program(t, "prometheus")
	for name, start := range map[string]func(*testing.T) gateway{"envoy.json": startEnvoy, "istio.json": startIstio} {
		t.Run(name, func(t *testing.T) {
			g := start(t)
			stable1, stable2, newer := newPod(t), newPod(t), newPod(t)
			at, path := g.scraped()
			server := startPrometheus(t, program, map[string]string{
				"@STABLE1@": stable1.address, "@STABLE2@": stable2.address, "@CANARY@": newer.address,
				"@GATEWAY@": at, "@GATEWAYPATH@": path,
			})
			record := &recorder{answers: map[string]json.RawMessage{}}
			p, err := New(record.before(t, server), target)
			if err != nil {
				t.Fatal(err)
			}

			// Before the canary: these requests are not to be counted.
			before := time.Now().Add(-time.Minute)
			stable1.start()
			stable2.start()
			stable1.answer(70, 200, 0.002)
			stable2.answer(30, 502, 0.002)
			for range 100 {
				g.request(t, "stable", 200)
			}
			await(t, p, before, func(s, g *canary.View) bool { return s.Stable.Requests == 100 && g.Stable.Requests == 100 })

			since := time.Now()
			scrapedAfter(t, server, since)
			newer.start()
			newer.answer(canaryErrors, 503, 0.004) // the first of all are errors
			newer.answer(canaryRequests-canaryErrors, 200, 0.004)
			stable1.answer(stableRequests-stableErrors, 200, 0.002)
			stable2.answer(stableErrors, 502, 0.002)
			for i := range stableRequests {
				g.request(t, "stable", status(i < stableErrors))
			}
			for i := range canaryRequests {
				g.request(t, "canary", status(i < canaryErrors))
			}
			s, gw := await(t, p, since, func(s, g *canary.View) bool {
				return s.Stable.Requests+s.Canary.Requests >= stableRequests+canaryRequests &&
					g.Stable.Requests+g.Canary.Requests >= stableRequests+canaryRequests &&
					s.Canary.Latency.Total() >= canaryRequests && g.Canary.Latency.Total() >= canaryRequests // Envoy's follow later
			})
			expect(t, s, gw, name == "istio.json")
			if *update && !t.Failed() {
				record.save(t, name)
			}

			// A container that starts again is counted on, at least from its start.
			stable1.start()
			stable1.answer(2*stableRequests, 200, 0.002)
			s, _ = await(t, p, since, func(s, _ *canary.View) bool { return s.Stable.Requests > stableRequests })
			if n := s.Stable.Requests; n > 3*stableRequests {
				t.Errorf("%v requests, of which %v after a start", n, 2*stableRequests)
			}
		})
	}
}

// scrapedAfter waits until every target was scraped after at. A scrape is of the
// time at which it began, so what one that takes long brings home would count as
// of before, though it happened later.
func scrapedAfter(t *testing.T, server string, at time.Time) {
	t.Helper()
	until(t, func() error {
		body, err := get(server + "/api/v1/query?query=min(timestamp(up))")
		if err != nil {
			return err
		}
		var said struct {
			Data struct{ Result []struct{ Value [2]any } }
		}
		if err := json.Unmarshal([]byte(body), &said); err != nil {
			return err
		}
		if len(said.Data.Result) == 0 {
			return errors.New("nothing was scraped yet")
		}
		first, err := strconv.ParseFloat(fmt.Sprint(said.Data.Result[0].Value[1]), 64)
		if err != nil {
			return err
		}
		if scraped := time.UnixMilli(int64(1000 * first)); !scraped.After(at) {
			return fmt.Errorf("a target was scraped at %v, not after %v", scraped, at)
		}
		return nil
	})
}

func status(bad bool) int {
	if bad {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// await asks until the views are as wanted.
func await(t *testing.T, p *Prometheus, since time.Time, wanted func(service, gateway *canary.View) bool) (service, gateway *canary.View) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		s, g, missing, err := p.Views(ctx, since, time.Now())
		if err == nil && s != nil && g != nil && wanted(s, g) {
			return s, g
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the views are %+v and %+v, missing %q, error %v", s, g, missing, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// istioGateway makes up the metrics of Istio's proxies, by their reference.
type istioGateway struct {
	served   *httptest.Server
	requests [2][2]atomic.Int64 // by version and whether it failed
}

func startIstio(t *testing.T) gateway {
	g := new(istioGateway)
	g.served = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for v, version := range []string{"stable", "canary"} {
			var total int64
			labels := fmt.Sprintf(`reporter="source",source_workload="istio-ingressgateway",destination_service_name=%q,destination_service_namespace=%q,destination_version=%q`, target.Service, target.Namespace, version)
			for f, code := range []string{"200", "503"} {
				if n := g.requests[v][f].Load(); n > 0 {
					_, _ = fmt.Fprintf(w, "istio_requests_total{%s,response_code=%q} %d\n", labels, code, n)
					total += n
				}
			}
			if total > 0 {
				for _, le := range []string{"1", "5", "10", "+Inf"} {
					_, _ = fmt.Fprintf(w, "istio_request_duration_milliseconds_bucket{%s,le=%q} %d\n", labels, le, total)
				}
			}
		}
		_, _ = io.WriteString(w, "# EOF\n")
	}))
	t.Cleanup(g.served.Close)
	return g
}

func (g *istioGateway) request(_ *testing.T, version string, status int) {
	v, f := 0, 0
	if version == "canary" {
		v = 1
	}
	if status != http.StatusOK {
		f = 1
	}
	g.requests[v][f].Add(1)
}

func (g *istioGateway) scraped() (string, string) {
	return g.served.Listener.Addr().String(), "/metrics"
}

// envoyGateway is a real Envoy before a backend that answers as it is told.
type envoyGateway struct{ admin, listener string }

func startEnvoy(t *testing.T) gateway {
	program := meshtest.Program(t, "envoy")
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.Header.Get("answer"))
		w.WriteHeader(code)
	}))
	t.Cleanup(backend.Close)
	_, port, _ := net.SplitHostPort(backend.Listener.Addr().String())
	config := fill(t, "envoy.yaml", map[string]string{"@BACKEND@": port, "@CANARYBACKEND@": port})
	adminFile := filepath.Join(t.TempDir(), "admin")
	launch(t, exec.Command(program, "-c", config, "--admin-address-path", adminFile, "--disable-hot-restart", "--concurrency", "1", "-l", "error"))
	g := new(envoyGateway)
	until(t, func() error {
		address, err := os.ReadFile(adminFile)
		if err != nil {
			return err
		}
		listeners, err := get("http://" + string(address) + "/listeners")
		if err != nil {
			return err
		}
		_, listener, found := strings.Cut(strings.TrimSpace(listeners), "::")
		if !found {
			return fmt.Errorf("listeners are %q", listeners)
		}
		g.admin, g.listener = string(address), listener
		_, err = get("http://" + string(address) + "/ready")
		return err
	})
	return g
}

func (g *envoyGateway) request(t *testing.T, version string, status int) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+g.listener+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("answer", strconv.Itoa(status))
	if version == "canary" {
		req.Header.Set("x-canary", "always")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if res.StatusCode != status {
		t.Fatalf("Envoy answered %s, want %d", res.Status, status)
	}
}

func (g *envoyGateway) scraped() (string, string) { return g.admin, "/stats/prometheus" }

func startPrometheus(t *testing.T, program string, values map[string]string) string {
	// Prometheus names no port that it was given as 0, so a free one is found first.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	launch(t, exec.Command(program, "--config.file="+fill(t, "prometheus.yml", values), "--storage.tsdb.path="+t.TempDir(), "--web.listen-address="+address, "--log.level=error"))
	until(t, func() error { _, err := get("http://" + address + "/-/ready"); return err })
	return "http://" + address
}

// fill writes a file of testdata with its places filled.
func fill(t *testing.T, name string, values map[string]string) string {
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for place, value := range values {
		text = []byte(strings.ReplaceAll(string(text), place, value))
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// launch starts a program and ends it with the test.
func launch(t *testing.T, cmd *exec.Cmd) {
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
}

// until asks again and again until there is no error.
func until(t *testing.T, ask func() error) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	for {
		err := ask()
		if err == nil {
			return
		}
		select {
		case <-deadline:
			t.Fatal(err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func get(address string) (string, error) {
	res, err := http.Get(address)
	if err != nil {
		return "", err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s", address, res.Status)
	}
	return string(text), err
}
