package telemetry

import (
	"strings"
	"testing"
)

// TestMetricNames: the sidecar adds its own metrics to these on port 15020, so
// no name may be one of its.
func TestMetricNames(t *testing.T) {
	m := New()
	m.Requests.WithLabelValues("GET", "/health", "200").Inc() // a vector shows once it has a member
	m.Duration.WithLabelValues("GET", "/health").Observe(1)
	m.CacheLook(true)
	all, err := m.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, family := range all {
		names[family.GetName()] = true
		for _, theirs := range []string{"istio_", "envoy_", "pilot_", "scrape_", "outlier_detection_"} {
			if strings.HasPrefix(family.GetName(), theirs) {
				t.Errorf("%s begins with %s", family.GetName(), theirs)
			}
		}
	}
	for _, want := range []string{"http_requests_total", "http_request_duration_seconds", "http_requests_active", "cache_hits_total", "cache_requests_total"} {
		if !names[want] {
			t.Errorf("%s is missing: were all metrics gathered?", want)
		}
	}
}
