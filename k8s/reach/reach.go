package reach

import (
	"fmt"
	"strings"

	networking "istio.io/client-go/pkg/apis/networking/v1"
	security "istio.io/client-go/pkg/apis/security/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/gravitywavesml/gravity_techanalysis/k8s/manifest"
)

// A Layer is what the network, or the mesh, says of a row.
type Layer struct {
	Allowed bool     `json:"allowed"`
	By      []string `json:"by"` // "NetworkPolicy to-dns"; what allows, or what stands in the way
}

// A Connection is a row of the first table: it works if both layers allow it.
// From a meshed pod a refused connection may open, to its own proxy, and then
// end: what counts is an answer in the protocol that Speaks names.
type Connection struct {
	Source      string `json:"source"`
	Meshed      bool   `json:"meshed"`
	Destination string `json:"destination"`
	Port        int32  `json:"port"`
	Protocol    string `json:"protocol"`
	Speaks      string `json:"speaks"`
	Network     Layer  `json:"network"`
	Mesh        Layer  `json:"mesh"`
	Works       bool   `json:"works"`
}

// A Request is a row of the second table: one from outside, over TLS.
type Request struct {
	Method string `json:"method"`
	Path   string `json:"path"` // as it is sent
	Token  bool   `json:"token"`
	// Answer is who answers: "service" (with whatever status), "gateway" (404),
	// "mesh" (403, at the service's proxy), or "refused", which is one of the last
	// two, as the version of Envoy reads the path.
	Answer string `json:"answer"`
	By     string `json:"by"`
}

// Table is both.
type Table struct {
	Connections []Connection `json:"connections"`
	Requests    []Request    `json:"requests"`
}

// A plain or twisted way to each thing that the outside must not have, and to
// what it may have.
var asked = []Request{
	{Method: "GET", Path: "/health"},
	{Method: "GET", Path: "/health/ready"},
	{Method: "POST", Path: "/health"},
	{Method: "GET", Path: "/api/docs"},
	{Method: "GET", Path: "/api/openapi.json"},
	{Method: "GET", Path: "/api/v1/indicators"},
	{Method: "GET", Path: "/api/v1/indicators", Token: true},
	{Method: "POST", Path: "/api/v1/compute"},
	{Method: "POST", Path: "/api/v1/compute", Token: true},
	{Method: "DELETE", Path: "/api/v1/plugins/none", Token: true},
	{Method: "PATCH", Path: "/api/v1/plugins/none", Token: true},
	{Method: "GET", Path: "/api/v2/indicators", Token: true},
	{Method: "GET", Path: "/"},
	{Method: "GET", Path: "/metrics", Token: true},
	{Method: "GET", Path: "//metrics", Token: true},
	{Method: "GET", Path: "/./metrics", Token: true},
	{Method: "GET", Path: "/%2fmetrics", Token: true},
	{Method: "GET", Path: "/api/../metrics", Token: true},
	{Method: "GET", Path: "/api/v1/../../metrics", Token: true},
	{Method: "GET", Path: "/api/%2e%2e/metrics", Token: true},
	{Method: "GET", Path: "/api/.%2e/metrics", Token: true},
	{Method: "GET", Path: "/api/..%2fmetrics", Token: true},
	{Method: "GET", Path: "/api/%2e%2e%2fmetrics", Token: true},
	{Method: "GET", Path: "/api%2f..%2fmetrics", Token: true},
	{Method: "GET", Path: "/api//metrics", Token: true},
	{Method: "GET", Path: "/api/v1//../../metrics", Token: true},
	{Method: "GET", Path: "/api/..;/metrics", Token: true},
	{Method: "GET", Path: `/api\..\metrics`, Token: true},
	{Method: "GET", Path: "/health/../metrics", Token: true},
	{Method: "GET", Path: "/health/../debug/pprof/", Token: true},
	{Method: "GET", Path: "/METRICS", Token: true},
	{Method: "GET", Path: "/debug/pprof/", Token: true},
	{Method: "GET", Path: "//debug/pprof/", Token: true},
	{Method: "GET", Path: "/api/../debug/pprof/", Token: true},
	{Method: "GET", Path: "/api/v1/..%2f..%2fdebug/pprof/", Token: true},
	{Method: "GET", Path: "/admin", Token: true},
	{Method: "GET", Path: "/api/../admin", Token: true},
	{Method: "GET", Path: "/stats/prometheus", Token: true},
	{Method: "GET", Path: "/healthz", Token: true},
}

// Of evaluates a rendered overlay.
func Of(objects []manifest.Object) (Table, error) {
	var t Table
	policies := manifest.All[*networkingv1.NetworkPolicy](objects)
	authorization := manifest.All[*security.AuthorizationPolicy](objects)
	sidecars := manifest.All[*networking.Sidecar](objects)
	mtls, err := strict(manifest.All[*security.PeerAuthentication](objects))
	if err != nil {
		return t, err
	}
	for _, pair := range pairs() {
		from, to := pair[0], pair[1]
		for _, port := range to.Ports {
			if port.Own && from.Principal != "" {
				continue
			}
			c := Connection{Source: from.Name, Meshed: from.Principal != "", Destination: to.Name,
				Port: port.Number, Protocol: port.Protocol, Speaks: port.Speaks}
			v, err := network(policies, from, to, port)
			if err != nil {
				return t, err
			}
			c.Network = layer("NetworkPolicy", v)
			if c.Mesh, err = mesh(authorization, sidecars, mtls, from, to, port); err != nil {
				return t, err
			}
			c.Works = c.Network.Allowed && c.Mesh.Allowed
			t.Connections = append(t.Connections, c)
		}
	}
	t.Requests, err = requests(objects, authorization)
	return t, err
}

func layer(kind string, v verdict) Layer {
	l := Layer{Allowed: v.allowed, By: []string{}}
	for _, name := range v.by {
		l.By = append(l.By, kind+" "+name)
	}
	return l
}

// mesh is what the proxies say of a connection: the source's of where its pod
// may go, the destination's of who may come. UDP passes by both.
func mesh(authorization []*security.AuthorizationPolicy, sidecars []*networking.Sidecar, mtls string, from, to Pod, port Port) (Layer, error) {
	l := Layer{Allowed: true, By: []string{}}
	agent := to.Namespace == Namespace && !port.Captured // reached past the source's proxy, as was tried
	if from.Namespace == Namespace && from.Principal != "" && port.Protocol == "TCP" && !agent {
		v, err := outward(sidecars, to, port)
		if err != nil {
			return l, err
		}
		if l = layer("Sidecar", v); !l.Allowed {
			return l, nil
		}
	}
	if !port.Captured {
		return l, nil
	}
	if from.Principal == "" && mtls != "" {
		return Layer{By: []string{"PeerAuthentication " + mtls}}, nil
	}
	v, err := authorize(authorization, to, anyRequest(from.Principal, port.Number))
	if err != nil {
		return l, err
	}
	at := layer("AuthorizationPolicy", v)
	if at.Allowed {
		at.By = append(l.By, at.By...)
	}
	return at, nil
}

func requests(objects []manifest.Object, authorization []*security.AuthorizationPolicy) ([]Request, error) {
	entry, err := manifest.One[*networking.VirtualService](objects, "technical-analysis-entry")
	if err != nil {
		return nil, err
	}
	config, err := manifest.One[*corev1.ConfigMap](objects, "technical-analysis-config")
	if err != nil {
		return nil, err
	}
	gateway, err := named("gateway")
	if err != nil {
		return nil, err
	}
	service, err := named("service")
	if err != nil {
		return nil, err
	}
	token := config.Data["JWT_ISSUER"] + "/somebody"
	answer := func(r Request, path string) (who, by string, err error) {
		path = normalise(path)
		taken, err := route(entry, path)
		if err != nil {
			return "", "", err
		}
		if taken == "" {
			return "gateway", "VirtualService " + entry.Name + " has no route", nil
		}
		ask := request{principal: gateway.Principal, port: servicePort, method: r.Method, path: path}
		if r.Token {
			ask.token = token
		}
		v, err := authorize(authorization, service, ask)
		if err != nil {
			return "", "", err
		}
		by = layer("AuthorizationPolicy", v).By[0]
		if v.allowed {
			return "service", by, nil
		}
		return "mesh", by, nil
	}
	var all []Request
	for _, r := range asked {
		if r.Answer, r.By, err = answer(r, r.Path); err != nil {
			return nil, err
		}
		// Newer Envoys take "..;" for a dot segment.
		who, by, err := answer(r, strings.ReplaceAll(r.Path, "..;", ".."))
		if err != nil {
			return nil, err
		}
		if who != r.Answer {
			r.By += ", or " + by
			if r.Answer = "refused"; who == "service" {
				r.Answer = who
			}
		}
		all = append(all, r)
	}
	return all, nil
}

func named(name string) (Pod, error) {
	for _, p := range world {
		if p.Name == name {
			return p, nil
		}
	}
	return Pod{}, fmt.Errorf("the world has no pod %q", name)
}
