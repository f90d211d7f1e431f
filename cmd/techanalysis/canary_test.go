package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gravitywavesml/gravity_techanalysis/mesh/canary"
	"github.com/gravitywavesml/gravity_techanalysis/mesh/traffic"
)

// kubeconfig names an API server.
func kubeconfig(t *testing.T, server string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kubeconfig")
	text := fmt.Sprintf("{apiVersion: v1, kind: Config, current-context: c, clusters: [{name: c, cluster: {server: %q}}], contexts: [{name: c, context: {cluster: c}}]}", server)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestCanaryUsage: wrong use is told from work that failed, before anything is
// called.
func TestCanaryUsage(t *testing.T) {
	nowhere := kubeconfig(t, "http://127.0.0.1:1")
	for _, c := range []struct {
		args []string
		env  map[string]string
		code int
		says string
	}{
		{[]string{"canary", "start", "--weight", "20"}, nil, 2, "needs an image"},
		{[]string{"canary", "start", "--image", "x"}, nil, 2, "from 1 to 99 percent, not 0"},
		{[]string{"canary", "start", "--image", "x", "--weight", "100"}, nil, 2, "not 100"},
		{[]string{"canary", "start", "--image", "x", "--weight", "20", "--min-success", "1"}, nil, 2, "least share of success"},
		{[]string{"canary", "start", "--image", "x", "--weight", "20", "--watch"}, nil, 2, "--watch needs a Prometheus"},
		{[]string{"canary", "status", "--prometheus", "prometheus:9090"}, map[string]string{"KUBECONFIG": nowhere}, 2, "must be a URL"},
		{[]string{"canary", "status"}, map[string]string{"KUBECONFIG": nowhere, "PROMETHEUS_URL": "nonsense"}, 2, "must be a URL"},
		{[]string{"canary", "status", "--kubeconfig", "/does/not/exist"}, nil, 2, "find the cluster"},
		{[]string{"canary", "begin"}, nil, 2, "begin"},
		{[]string{"canary", "status"}, map[string]string{"KUBECONFIG": nowhere}, 1, "connection refused"},
		{[]string{"canary", "start", "--image", "x", "--weight", "20"}, map[string]string{"KUBECONFIG": nowhere}, 1, "connection refused"},
		{[]string{"canary", "promote", "--force"}, map[string]string{"KUBECONFIG": nowhere}, 1, "connection refused"},
		{[]string{"canary", "abort"}, map[string]string{"KUBECONFIG": nowhere}, 1, "connection refused"},
	} {
		code, _, stderr := runs(c.env, c.args...)
		if code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%v: %d, %q", c.args, code, stderr)
		}
	}
}

// TestCanaryStatus asks a stand-in for an API server, which has what the real
// one gives for a canary (mesh/traffic tries the real one), and a Prometheus
// that is away.
func TestCanaryStatus(t *testing.T) {
	policy, err := json.Marshal(canary.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	record := func(age time.Duration) string {
		return fmt.Sprintf(`{"intent": "start", "weight": 20, "since": %q, "stable_image": "ta:1", "policy": %s}`, time.Now().Add(-age).UTC().Format(time.RFC3339), policy)
	}
	deployment := func(name, image, annotation string) string {
		return fmt.Sprintf(`{"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": %q, "annotations": {"gravitywavesml.github.io/canary": %q}},
			"spec": {"replicas": 1, "selector": {"matchLabels": {"app": "technical-analysis"}}, "template": {"spec": {"containers": [{"name": "technical-analysis", "image": %q}]}}},
			"status": {"readyReplicas": 1}}`, name, annotation, image)
	}
	answers := map[string]string{
		"/apis/apps/v1/namespaces/tech-analysis-prod/deployments/technical-analysis": deployment("technical-analysis", "ta:1", ""),
		"/apis/networking.istio.io/v1/namespaces/tech-analysis-prod/virtualservices/technical-analysis": `{"kind": "VirtualService", "apiVersion": "networking.istio.io/v1", "metadata": {"name": "technical-analysis"},
			"spec": {"http": [{"route": [{"weight": 80, "destination": {"host": "technical-analysis-service", "subset": "stable"}}, {"weight": 20, "destination": {"host": "technical-analysis-service", "subset": "canary"}}]}]}}`,
		"/api/v1/namespaces/tech-analysis-prod/pods": `{"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "p"}, "status": {"containerStatuses": [{"name": "technical-analysis", "restartCount": 0}]}}]}`,
	}
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		answer, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			answer = `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "message": "not found", "code": 404}`
		}
		_, _ = io.WriteString(w, answer)
	}))
	defer api.Close()
	env := map[string]string{"KUBECONFIG": kubeconfig(t, api.URL), "PROMETHEUS_URL": "http://127.0.0.1:1"}

	if code, stdout, stderr := runs(env, "canary", "status"); code != 0 || stdout != "there is no canary\n" {
		t.Errorf("%d %q %q", code, stdout, stderr)
	}
	if code, stdout, stderr := runs(env, "canary", "status", "--json"); code != 0 || stdout != "{\"canary\":null}\n" {
		t.Errorf("%d %q %q", code, stdout, stderr)
	}
	if code, _, stderr := runs(env, "canary", "promote"); code != 1 || !strings.Contains(stderr, "there is no canary") {
		t.Errorf("%d %q", code, stderr)
	}

	const path = "/apis/apps/v1/namespaces/tech-analysis-prod/deployments/technical-analysis-canary"
	answers[path] = deployment("technical-analysis-canary", "ta:2", record(10*time.Minute))
	code, stdout, stderr := runs(env, "canary", "status")
	if code != 0 || !strings.Contains(stdout, "ta:2") || !strings.Contains(stdout, "wait: service: there are no metrics") || !strings.Contains(stdout, "connection refused") ||
		!strings.Contains(stdout, "20 % of 20 % asked for, for 10m") {
		t.Errorf("%d\n%s%s", code, stdout, stderr)
	}
	var s canaryStatus
	code, stdout, stderr = runs(env, "canary", "status", "--json")
	if err := json.Unmarshal([]byte(stdout), &s); err != nil || code != 0 || s.Canary.Weight != 20 || s.Decision.Verdict != canary.Wait {
		t.Errorf("%d\n%s%s%v", code, stdout, stderr, err)
	}
	if code, _, stderr := runs(env, "canary", "promote"); code != 1 || !strings.Contains(stderr, "the verdict is wait (--force") {
		t.Errorf("%d %q", code, stderr)
	}

	// Not found good in time is bad, and so says the exit code.
	answers[path] = deployment("technical-analysis-canary", "ta:2", record(3*time.Hour))
	if code, stdout, stderr := runs(env, "canary", "status"); code != 1 || !strings.Contains(stdout, "abort: not found good within 2h0m0s") || !strings.Contains(stderr, "judged bad") {
		t.Errorf("%d\n%s%s", code, stdout, stderr)
	}
}

// TestCanaryPage shows a status as an operator sees it.
func TestCanaryPage(t *testing.T) {
	now := time.Date(2026, 3, 1, 3, 40, 0, 0, time.UTC)
	counts := func(n, failed float64) canary.Counts {
		return canary.Counts{Requests: n, Errors: failed, Latency: canary.Histogram{{Le: 0.001, Count: n / 2}, {Le: 0.0025, Count: n}, {Le: math.Inf(1), Count: n}}}
	}
	o := canary.Observation{
		Since:   now.Add(-40 * time.Minute),
		Service: &canary.View{Source: "http_requests_total", Scraped: now.Add(-3 * time.Second), Stable: counts(96000, 96), Canary: counts(24000, 30)},
		Gateway: &canary.View{Source: "envoy_cluster_upstream_rq", Scraped: now.Add(-2 * time.Second), Stable: counts(96010, 98), Canary: canary.Counts{}},
	}
	state := traffic.State{
		Intent: traffic.Starting, Image: "ta:2", StableImage: "ta:1", Wanted: 20, Weight: 20, Since: o.Since, Replicas: 1, Ready: 1,
		Policy: canary.DefaultPolicy(),
	}
	var b strings.Builder
	if err := newCanaryStatusOf(state, o, canary.Decide(o, state.Policy, now)).write(&b, now); err != nil {
		t.Fatal(err)
	}
	const path = "testdata/canary_status.txt"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || string(want) != b.String() {
		t.Errorf("%v: the page is\n%s", err, &b)
	}
}
