package host

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	otlp "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/gravitywavesml/gravity_techanalysis/host/rest"
)

// TestCollectorAway: without its collector the service is ready, degraded, and
// answers; it recovers by itself, and sends what it recorded meanwhile, by route.
// The collector is one in this process; e2e asks a real one.
func TestCollectorAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	c := settings(t)
	c.OTLPEndpoint, c.TraceRatio = "http://"+addr, 1
	h, stop := start(t, c)
	url := "http://" + h.Addr()
	status := func(want, check string) {
		until(t, want, func() (bool, string) {
			code, body := get(t, url+"/health/ready")
			var r rest.Readiness
			err := json.Unmarshal([]byte(body), &r)
			return err == nil && code == http.StatusOK && r.Status == want && strings.HasPrefix(r.Checks["traces"], check), body
		})
	}
	if code, body := get(t, url+"/api/v1/indicators/rsi"); code != http.StatusOK {
		t.Errorf("%d %s", code, body)
	}
	status(rest.StatusDegraded, "away: ")

	if l, err = net.Listen("tcp", addr); err != nil {
		t.Fatal(err)
	}
	names := make(chan string, 10000)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var req otlp.ExportTraceServiceRequest
		if body, err := io.ReadAll(r.Body); err != nil || proto.Unmarshal(body, &req) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		for _, rs := range req.ResourceSpans {
			for _, ss := range rs.ScopeSpans {
				for _, s := range ss.Spans {
					names <- s.Name
				}
			}
		}
	})}
	go srv.Serve(l)
	defer srv.Close()
	status(rest.StatusReady, "ok")
	if err := stop(); err != nil {
		t.Error(err)
	}
	close(names)
	seen := map[string]int{}
	for name := range names {
		seen[name]++
	}
	if seen["GET /api/v1/indicators/:name"] != 1 || seen["GET /health/ready"] == 0 {
		t.Errorf("the collector was sent %v", seen)
	}
}
