//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// client is an image with a shell and the programs that try connections.
var clientImage = func() string {
	if image := os.Getenv("CLIENT_IMAGE"); image != "" {
		return image
	}
	return "gravity.local/client:1"
}()

// row is one of k8s/reachability.json: a connection, and whether it works.
type row struct {
	Source, Destination, Protocol, Speaks string
	Meshed                                bool
	Port                                  int
	Works                                 bool
}

// TestReachability tries every row of the table with a real connection: what
// works must be answered, what does not must not be.
func TestReachability(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "k8s", "reachability.json"))
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Connections []row }
	if err := json.Unmarshal(raw, &table); err != nil {
		t.Fatal(err)
	}
	// A canary with the least share, so that there is one to reach.
	techanalysis(t, "canary", "start", "--image", image, "--weight", "1")
	t.Cleanup(func() { command(context.Background(), filepath.Join(root, "bin", "techanalysis"), "canary", "abort") })
	w := newWorld(t)
	tried := 0
	for _, r := range table.Connections {
		from, ok := w.source(t, r)
		if !ok {
			t.Errorf("nobody is the source %q (meshed: %v)", r.Source, r.Meshed)
			continue
		}
		address, ok := w.destinations[r.Destination]
		if !ok {
			t.Errorf("nobody is the destination %q", r.Destination)
			continue
		}
		works, said := w.connect(t, from, address, r)
		if r.Source == "gateway" && r.Works {
			works, said = throughGateway(t, r.Destination)
		}
		if works != r.Works {
			t.Errorf("%s (meshed: %v) to %s %d/%s: works is %v, the table says %v: %s", r.Source, r.Meshed, r.Destination, r.Port, r.Protocol, works, r.Works, said)
		}
		tried++
	}
	events.add("reachability: %d connections tried", tried)
}

// world has a container with a shell at each source, and an address for each
// destination.
type world struct {
	sources      map[string]place
	destinations map[string]string
}

// place is a container: of a pod in a namespace.
type place struct{ namespace, pod, container string }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{sources: map[string]place{}, destinations: map[string]string{}}
	kubectl(t, "create", "namespace", "ta-strangers")
	t.Cleanup(func() {
		command(context.Background(), "kubectl", "delete", "namespace", "ta-strangers", "--wait=false")
	})
	for _, stranger := range []struct {
		name, namespace string
		meshed          bool
	}{
		{"neighbour", namespace, true}, {"neighbour", namespace, false},
		{"stranger", "ta-strangers", true}, {"stranger", "ta-strangers", false},
	} {
		key := fmt.Sprintf("%s %v", stranger.name, stranger.meshed)
		pod := strings.NewReplacer(" ", "-").Replace("e2e-" + key)
		w.pod(t, stranger.namespace, pod, stranger.meshed)
		w.sources[key] = place{stranger.namespace, pod, "client"}
	}
	// The others are there already; a shell joins their network.
	join := func(key, ns, selector string) {
		pod := first(t, ns, selector)
		command(t.Context(), "kubectl", "-n", ns, "debug", pod, "--image="+clientImage, "--container=e2e", "--profile=restricted", "--image-pull-policy=IfNotPresent", "--", "/bin/sleep", "3600")
		w.sources[key] = place{ns, pod, "e2e"}
		command(t.Context(), "kubectl", "-n", ns, "wait", "pod/"+pod, "--for=jsonpath={.status.ephemeralContainerStatuses[0].state.running.startedAt}", "--timeout=60s")
	}
	join("service true", namespace, "app=technical-analysis,version=stable")
	join("canary true", namespace, "app=technical-analysis,version=canary")
	join("gateway true", "istio-system", "istio=ingressgateway")
	join("prometheus false", "monitoring", "app=prometheus")
	address := func(name, ns, selector string) {
		w.destinations[name] = kubectl(t, "-n", ns, "get", "pod", first(t, ns, selector), "-o", "jsonpath={.status.podIP}")
	}
	address("service", namespace, "app=technical-analysis,version=stable")
	address("canary", namespace, "app=technical-analysis,version=canary")
	address("gateway", "istio-system", "istio=ingressgateway")
	address("istiod", "istio-system", "app=istiod")
	// These are asked by name, as a proxy knows no other address of theirs.
	w.destinations["redis"] = "redis.redis.svc.cluster.local"
	w.destinations["vault"] = "vault.vault.svc.cluster.local"
	w.destinations["jaeger"] = "jaeger.tracing.svc.cluster.local"
	w.destinations["prometheus"] = "prometheus.monitoring.svc.cluster.local"
	address("dns", "kube-system", "k8s-app=kube-dns")
	w.destinations["API server"] = kubectl(t, "-n", "default", "get", "service", "kubernetes", "-o", "jsonpath={.spec.clusterIP}")
	return w
}

// throughGateway asks a version by way of the gateway's own proxy, which alone
// has the certificate that the mesh wants.
func throughGateway(t *testing.T, version string) (bool, string) {
	t.Helper()
	before := atGateway(t)
	c := client(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+host+"/health/ready", nil)
	if err != nil {
		t.Fatal(err)
	}
	if version == "canary" {
		req.Header.Set("x-canary", "always")
	}
	res, err := c.Do(req)
	if err != nil {
		return false, err.Error()
	}
	res.Body.Close()
	sent := atGateway(t).since(before)
	reached := sent.stable
	if version == "canary" {
		reached = sent.canary
	}
	return res.StatusCode == http.StatusOK && reached > 0, fmt.Sprintf("%s, %+v", res.Status, sent)
}

// first is the first running pod of a selector.
func first(t *testing.T, ns, selector string) string {
	t.Helper()
	names := strings.Fields(kubectl(t, "-n", ns, "get", "pods", "-l", selector, "--field-selector=status.phase=Running", "-o", "jsonpath={.items[*].metadata.name}"))
	if len(names) == 0 {
		t.Fatalf("no pod of %s runs in %s", selector, ns)
	}
	return names[0]
}

// pod makes a pod that sleeps.
func (w *world) pod(t *testing.T, ns, name string, meshed bool) {
	t.Helper()
	manifest := map[string]any{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": map[string]any{"name": name, "namespace": ns, "labels": map[string]string{"app": name, "sidecar.istio.io/inject": fmt.Sprint(meshed)}},
		"spec": map[string]any{
			"terminationGracePeriodSeconds": 0,
			"containers": []any{map[string]any{
				"name": "client", "image": clientImage, "imagePullPolicy": "IfNotPresent", "command": []string{"/bin/sleep", "3600"},
				"resources": map[string]any{"requests": map[string]string{"cpu": "10m", "memory": "16Mi", "ephemeral-storage": "1Mi"}, "limits": map[string]string{"cpu": "500m", "memory": "64Mi", "ephemeral-storage": "16Mi"}},
				"securityContext": map[string]any{
					"allowPrivilegeEscalation": false, "runAsNonRoot": true, "runAsUser": 65532,
					"capabilities": map[string]any{"drop": []string{"ALL"}}, "seccompProfile": map[string]string{"type": "RuntimeDefault"},
				},
			}},
		},
	}
	raw, err := json.Marshal(manifest)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name+".json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	kubectl(t, "-n", ns, "apply", "-f", file)
	t.Cleanup(func() {
		command(context.Background(), "kubectl", "-n", ns, "delete", "pod", name, "--grace-period=0", "--force", "--ignore-not-found")
	})
	kubectl(t, "-n", ns, "wait", "pod/"+name, "--for=condition=Ready", "--timeout=90s")
}

// source is who makes the connection of a row.
func (w *world) source(t *testing.T, r row) (place, bool) {
	name, _, _ := strings.Cut(r.Source, ",")
	p, ok := w.sources[fmt.Sprintf("%s %v", name, r.Meshed)]
	return p, ok
}

// connect tries one connection and says whether it was answered.
func (w *world) connect(t *testing.T, from place, address string, r row) (bool, string) {
	t.Helper()
	var try string
	target := fmt.Sprintf("%s:%d", address, r.Port)
	switch r.Speaks {
	case "http":
		// Any status but the mesh's own refusals is an answer.
		try = "curl -s -m 4 -o /dev/null -w '%{http_code}' http://" + target + "/"
	case "grpc": // which is HTTP/2
		try = "curl -s -m 4 --http2-prior-knowledge -o /dev/null -w '%{http_code}' http://" + target + "/"
	case "https", "tls":
		try = "curl -sk -m 4 -o /dev/null -w '%{http_code} %{ssl_verify_result} %{time_appconnect}' https://" + target + "/"
	case "redis":
		try = "echo PING | nc -w 4 " + address + " " + fmt.Sprint(r.Port)
	case "dns":
		try = "nslookup -timeout=4 kubernetes.default.svc.cluster.local " + address
	default:
		try = "curl -s -m 4 telnet://" + target + " </dev/null; echo $?"
	}
	out, _ := command(t.Context(), "kubectl", "-n", from.namespace, "exec", from.pod, "-c", from.container, "--", "sh", "-c", try+"; true")
	return answered(r.Speaks, out), out
}

// answered says whether what a try printed is the answer of whom it was meant
// for, rather than a proxy's refusal or silence.
func answered(speaks, out string) bool {
	switch speaks {
	case "http", "grpc":
		code := strings.TrimSpace(out)
		return code != "" && code != "000" && code != "502" && code != "503" && code != "403"
	case "https", "tls":
		f := strings.Fields(out)
		return len(f) == 3 && f[2] != "0.000000"
	case "redis":
		return strings.Contains(out, "PONG") || strings.Contains(out, "NOAUTH")
	case "dns":
		return strings.Contains(out, "10.")
	}
	return strings.HasSuffix(strings.TrimSpace(out), "0")
}
