//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// clientImage has a shell and the programs that try connections.
var clientImage = func() string {
	if image := os.Getenv("CLIENT_IMAGE"); image != "" {
		return image
	}
	return "gravity.local/client:1"
}()

// strangers is a namespace of others.
const strangers = "ta-strangers"

// world is the pods of the table: a shell at each source, and an address of each
// destination.
type world struct {
	sources map[string]place
	ips     map[string]string // of pods
	names   map[string]string // of Services

	client  *http.Client
	gateway string // the address of the gateway
	route   string // a host, which a stranger leads to port 9090 of the service
	known   string // the address of the name known
}

// place is a container of a pod in a namespace.
type place struct{ namespace, pod, container string }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{sources: map[string]place{}, ips: map[string]string{}, client: client(t), route: "port-9090." + strangers + ".local"}
	kubectl(t, "delete", "namespace", strangers, "--ignore-not-found", "--wait") // of a run that was ended
	apply(t, "default", object{"apiVersion": "v1", "kind": "Namespace", "metadata": meta(strangers)})
	t.Cleanup(func() { kubectl(t, "delete", "namespace", strangers, "--wait", "--timeout=120s") })
	for _, who := range []struct {
		name, namespace string
		meshed          bool
	}{
		{"neighbour, meshed", namespace, true}, {"neighbour, plain", namespace, false},
		{"stranger, meshed", strangers, true}, {"stranger, plain", strangers, false},
	} {
		w.sources[who.name] = place{who.namespace, newPod(t, who.namespace, "e2e-"+strings.ReplaceAll(who.name, ", ", "-"), who.meshed), "client"}
	}
	stable, canary := first(t, namespace, "app=technical-analysis,version=stable"), first(t, namespace, "app=technical-analysis,version=canary")
	gateway, istiod := first(t, "istio-system", "istio=ingressgateway"), first(t, "istio-system", "app=istiod")
	prometheus := first(t, "monitoring", "app=prometheus")
	for name, ephemeral := range map[string]place{
		"service": {namespace, stable, ""}, "canary": {namespace, canary, ""},
		"gateway": {"istio-system", gateway, ""}, "prometheus": {"monitoring", prometheus, ""},
	} {
		w.sources[name] = join(t, ephemeral.namespace, ephemeral.pod)
	}
	for name, p := range w.sources {
		meshed := name == "service" || name == "canary" || strings.HasSuffix(name, ", meshed")
		if name != "gateway" && hasProxy(t, p) != meshed {
			t.Fatalf("%s: its pod %s has a proxy: %v", name, p.pod, !meshed)
		}
	}
	for name, p := range map[string]place{"service": {namespace, stable, ""}, "canary": {namespace, canary, ""}, "gateway": {"istio-system", gateway, ""}, "istiod": {"istio-system", istiod, ""}} {
		w.ips[name] = kubectl(t, "-n", p.namespace, "get", "pod", p.pod, "-o", "jsonpath={.status.podIP}")
	}
	clusterIP := func(ns, name string) string {
		return kubectl(t, "-n", ns, "get", "service", name, "-o", "jsonpath={.spec.clusterIP}")
	}
	w.gateway, w.known = clusterIP("istio-system", "istio-ingressgateway"), clusterIP("default", "kubernetes")
	w.names = map[string]string{
		"service":    "technical-analysis-service." + namespace + ".svc.cluster.local",
		"canary":     "e2e-canary." + namespace + ".svc.cluster.local",
		"gateway":    "istio-ingressgateway.istio-system.svc.cluster.local",
		"istiod":     "istiod.istio-system.svc.cluster.local",
		"redis":      "redis.redis.svc.cluster.local",
		"vault":      "vault.vault.svc.cluster.local",
		"jaeger":     "jaeger.tracing.svc.cluster.local",
		"prometheus": "prometheus.monitoring.svc.cluster.local",
		"dns":        clusterIP("kube-system", "kube-dns"),
		"API server": known,
	}
	w.lead(t)
	return w
}

// lead makes the names by which a proxy finds what has none of its own: it sends
// its certificate to what it knows alone. Each version's is one in the namespace;
// that of the service's port 9090 is a stranger's, who leads the gateway there,
// too, as whoever may write a VirtualService anywhere can.
func (w *world) lead(t *testing.T) {
	t.Helper()
	for _, version := range []string{"stable", "canary"} {
		apply(t, namespace, object{
			"apiVersion": "v1", "kind": "Service", "metadata": meta("e2e-" + version),
			"spec": object{"selector": object{"app": "technical-analysis", "version": version}, "ports": []any{object{"name": "http", "port": 8000}}},
		})
		t.Cleanup(func() { kubectl(t, "delete", "service", "e2e-"+version, "--ignore-not-found") })
	}
	apply(t, strangers, object{
		"apiVersion": "v1", "kind": "Service", "metadata": meta("port-9090"),
		"spec": object{"ports": []any{object{"name": "http", "port": 9090}}},
	})
	slice := meta("port-9090")
	slice["labels"].(object)["kubernetes.io/service-name"] = "port-9090"
	apply(t, strangers, object{
		"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": slice, "addressType": "IPv4",
		"ports":     []any{object{"name": "http", "port": 9090, "protocol": "TCP"}},
		"endpoints": []any{object{"addresses": []string{w.ips["service"]}, "conditions": object{"ready": true}}},
	})
	name := "port-9090." + strangers + ".svc.cluster.local"
	apply(t, strangers, object{
		"apiVersion": "networking.istio.io/v1", "kind": "DestinationRule", "metadata": meta("port-9090"),
		"spec": object{"host": name, "trafficPolicy": object{
			"tls": object{"mode": "ISTIO_MUTUAL"}, "connectionPool": object{"tcp": object{"connectTimeout": "2s"}},
		}},
	})
	apply(t, strangers, object{
		"apiVersion": "networking.istio.io/v1", "kind": "Gateway", "metadata": meta("port-9090"),
		"spec": object{"selector": object{"istio": "ingressgateway"}, "servers": []any{
			object{"port": object{"name": "http", "number": 80, "protocol": "HTTP"}, "hosts": []string{w.route}},
		}},
	})
	apply(t, strangers, object{
		"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "metadata": meta("port-9090"),
		"spec": object{"hosts": []string{w.route}, "gateways": []string{"port-9090"}, "http": []any{
			object{"route": []any{object{"destination": object{"host": name, "port": object{"number": 9090}}}}, "retries": object{"attempts": 0}},
		}},
	})
	await(t, 30*time.Second, "the gateway has a stranger's route", func() error {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+w.gateway+"/metrics", nil)
		if err != nil {
			return err
		}
		req.Host = w.route
		res, err := w.client.Do(req)
		if err != nil {
			return err
		}
		res.Body.Close()
		if res.StatusCode == http.StatusNotFound {
			return fmt.Errorf("it answers %s", res.Status)
		}
		return nil
	})
}

// address is where a row's source finds its destination. A proxy sends on what
// it knows by name; a plain pod asks the pod itself, and so do all for the ports
// that no Service has.
func (w *world) address(r row) (string, error) {
	ip, pod := w.ips[r.Destination]
	name, named := w.names[r.Destination]
	switch {
	case r.Destination == "service" && r.Port == 9090 && r.Source == "stranger, meshed":
		return "port-9090." + strangers + ".svc.cluster.local", nil
	case r.Source == "canary" && r.Port == 8000:
		return "e2e-stable." + namespace + ".svc.cluster.local", nil // the Service has the canary itself, too
	case (r.Destination == "service" || r.Destination == "canary") && (!r.Meshed || r.Port != 8000):
		return ip, nil
	case named:
		return name, nil
	case pod:
		return ip, nil
	}
	return "", fmt.Errorf("nobody is the destination %q", r.Destination)
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

// hasProxy says whether a place's pod has a sidecar, native or not, that runs.
func hasProxy(t *testing.T, p place) bool {
	t.Helper()
	const running = `{range .status.%s[?(@.name=="istio-proxy")]}{.state.running.startedAt}{end}`
	return kubectl(t, "-n", p.namespace, "get", "pod", p.pod, "-o", fmt.Sprintf("jsonpath="+running+running, "containerStatuses", "initContainerStatuses")) != ""
}

// asleep does nothing until it is told to end, as the first process of a
// container ignores what it has no handler for.
var asleep = []string{"/bin/sh", "-c", `trap 'exit 0' TERM; sleep 3600 & wait`}

// sleeper is a pod's spec under Pod Security restricted.
func sleeper(restart string) object {
	return object{
		"terminationGracePeriodSeconds": 0, "restartPolicy": restart,
		"containers": []any{object{
			"name": "client", "image": clientImage, "imagePullPolicy": "IfNotPresent", "command": asleep,
			"resources": object{"requests": object{"cpu": "10m", "memory": "16Mi", "ephemeral-storage": "1Mi"}, "limits": object{"cpu": "500m", "memory": "64Mi", "ephemeral-storage": "16Mi"}},
			"securityContext": object{
				"allowPrivilegeEscalation": false, "runAsNonRoot": true, "runAsUser": 65532,
				"capabilities": object{"drop": []string{"ALL"}}, "seccompProfile": object{"type": "RuntimeDefault"},
			},
		}},
	}
}

// newPod makes a pod with a shell, for as long as the test.
func newPod(t *testing.T, ns, name string, meshed bool) string {
	t.Helper()
	kubectl(t, "-n", ns, "delete", "pod", name, "--ignore-not-found", "--wait")
	m := meta(name)
	m["labels"].(object)["sidecar.istio.io/inject"] = fmt.Sprint(meshed)
	apply(t, ns, object{"apiVersion": "v1", "kind": "Pod", "metadata": m, "spec": sleeper("Always")})
	t.Cleanup(func() { kubectl(t, "-n", ns, "delete", "pod", name, "--now", "--ignore-not-found") })
	kubectl(t, "-n", ns, "wait", "pod/"+name, "--for=condition=Ready", "--timeout=90s")
	return name
}

// join puts a shell beside what runs in a pod that is there: a container that
// can never be taken away again, so each has a name of its own, and ends with
// the test.
func join(t *testing.T, ns, pod string, more ...string) place {
	t.Helper()
	p := place{ns, pod, fmt.Sprintf("e2e-%x", time.Now().UnixNano())}
	args := append([]string{"-n", ns, "debug", pod, "--image=" + clientImage, "--container=" + p.container, "--profile=restricted", "--image-pull-policy=IfNotPresent"}, more...)
	kubectl(t, append(append(args, "--"), asleep...)...)
	t.Cleanup(func() {
		output(t.Context(), "kubectl", "-n", ns, "exec", pod, "-c", p.container, "--", "sh", "-c", "kill 1") // which ends this command, too
	})
	await(t, time.Minute, "a shell in "+pod, func() error {
		out := kubectl(t, "-n", ns, "get", "pod", pod, "-o", `jsonpath={.status.ephemeralContainerStatuses[?(@.name=="`+p.container+`")].state}`)
		if !strings.Contains(out, `"running"`) {
			return fmt.Errorf("its state is %q", out)
		}
		return nil
	})
	return p
}
