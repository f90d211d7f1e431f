// Package reach says who may reach whom: it evaluates the network policies, the
// mesh's authentication and authorization, and the gateway's routes of a
// rendered overlay for a small world of named pods, and writes the page
// docs/reachability.md and its twin reachability.json, which the tests on a
// cluster try row by row. What it cannot evaluate is an error, never a guess.
package reach

import "slices"

// Namespace is the one that the policies guard.
const Namespace = "tech-analysis-prod"

// servicePort is the one that the Service of the namespace names.
const servicePort = 8000

// A Pod stands for all of its kind. The zero Namespace is outside the cluster.
type Pod struct {
	Name      string
	Namespace string
	Labels    map[string]string
	Principal string // in the mesh; "" speaks plain text
	Host      string // the service's name, as Sidecar lists it; "" has none
	Ports     []Port
}

// A Port is one that a pod listens on.
type Port struct {
	Number   int32
	Protocol string // TCP or UDP
	Speaks   string // what a test says to it: http, grpc, redis, tls, dns
	Captured bool   // in a meshed pod: Envoy stands before it
	Own      bool   // every proxy has it, and answers its own pod there instead
}

func tcp(number int32, speaks string) Port {
	return Port{Number: number, Protocol: "TCP", Speaks: speaks}
}

func captured(number int32) Port {
	return Port{Number: number, Protocol: "TCP", Speaks: "http", Captured: true}
}

func own(number int32) Port {
	return Port{Number: number, Protocol: "TCP", Speaks: "http", Own: true}
}

func app(version string) map[string]string {
	return map[string]string{"app": "technical-analysis", "version": version}
}

// world is the pods that the tables speak of: the service, its peers, and
// strangers. The peers are labelled as their own charts label them.
var world = []Pod{
	{Name: "service", Namespace: Namespace, Labels: app("stable"),
		Principal: "cluster.local/ns/tech-analysis-prod/sa/technical-analysis-sa",
		Ports: []Port{captured(servicePort), captured(9090),
			tcp(15020, "http"), own(15021), own(15090)}},
	{Name: "canary", Namespace: Namespace, Labels: app("canary"),
		Principal: "cluster.local/ns/tech-analysis-prod/sa/technical-analysis-sa",
		Ports:     []Port{captured(servicePort)}},
	{Name: "neighbour, meshed", Namespace: Namespace, Labels: map[string]string{"app": "neighbour"},
		Principal: "cluster.local/ns/tech-analysis-prod/sa/default"},
	{Name: "neighbour, plain", Namespace: Namespace, Labels: map[string]string{"app": "neighbour"}},
	{Name: "stranger, meshed", Namespace: "elsewhere", Labels: map[string]string{"app": "stranger"},
		Principal: "cluster.local/ns/elsewhere/sa/default"},
	{Name: "stranger, plain", Namespace: "elsewhere", Labels: map[string]string{"app": "stranger"}},
	{Name: "gateway", Namespace: "istio-system", Labels: map[string]string{"istio": "ingressgateway"},
		Principal: "cluster.local/ns/istio-system/sa/istio-ingressgateway",
		Host:      "istio-system/istio-ingressgateway.istio-system.svc.cluster.local",
		Ports:     []Port{tcp(80, "http")}},
	{Name: "istiod", Namespace: "istio-system", Labels: map[string]string{"app": "istiod"},
		Host:  "istio-system/istiod.istio-system.svc.cluster.local",
		Ports: []Port{tcp(15012, "tls"), tcp(15014, "http")}},
	{Name: "prometheus", Namespace: "monitoring", Labels: map[string]string{"app": "prometheus"},
		Host:  "monitoring/prometheus.monitoring.svc.cluster.local",
		Ports: []Port{tcp(9090, "http")}},
	{Name: "redis", Namespace: "redis", Labels: map[string]string{"app": "redis"},
		Host:  "redis/redis.redis.svc.cluster.local",
		Ports: []Port{tcp(6379, "redis")}},
	{Name: "vault", Namespace: "vault", Labels: map[string]string{"app": "vault"},
		Host:  "vault/vault.vault.svc.cluster.local",
		Ports: []Port{tcp(8200, "http")}},
	{Name: "jaeger", Namespace: "tracing", Labels: map[string]string{"app": "jaeger"},
		Host:  "tracing/jaeger.tracing.svc.cluster.local",
		Ports: []Port{tcp(4317, "grpc"), tcp(4318, "http"), tcp(16686, "http")}},
	{Name: "dns", Namespace: "kube-system", Labels: map[string]string{"k8s-app": "kube-dns"},
		Host:  "kube-system/kube-dns.kube-system.svc.cluster.local",
		Ports: []Port{{Number: 53, Protocol: "UDP", Speaks: "dns"}, tcp(53, "dns")}},
	{Name: "API server", Host: "default/kubernetes.default.svc.cluster.local", Ports: []Port{tcp(443, "tls")}},
}

// pairs are the pods between which a connection is tried: to a pod of the
// namespace from everywhere, elsewhere only from within it.
func pairs() [][2]Pod {
	var all [][2]Pod
	for _, to := range world {
		for _, from := range world {
			if from.Name == to.Name || from.Namespace != Namespace && to.Namespace != Namespace {
				continue
			}
			if from.Namespace != Namespace && !slices.Contains(callers, from.Name) {
				continue
			}
			if from.Name == "canary" && to.Namespace != Namespace {
				continue // as the service, by the same labels
			}
			all = append(all, [2]Pod{from, to})
		}
	}
	return all
}

// callers are the pods outside the namespace that try to come in. The others
// wait to be called.
var callers = []string{"stranger, meshed", "stranger, plain", "gateway", "prometheus"}
