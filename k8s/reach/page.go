package reach

import (
	"fmt"
	"strings"
)

const head = `# Who reaches whom

This page and its twin, k8s/reachability.json, are computed from the rendered overlay ` + "`k8s/overlays/dev`" + ` by the tests of ` + "`k8s/reach`" + `, which fail when it is stale; ` + "`cd k8s && go test ./reach -update`" + ` writes it again. The tests on a cluster try every row with a real connection.

Two layers decide, and both must agree: the network by NetworkPolicy, the mesh by the proxies of source and destination. A row shows what each would say alone.

## Connections

*service* is a pod of the Deployment, *canary* one of the canary's. A *neighbour* is any other pod of the namespace, a *stranger* one of another; *meshed* has a proxy, *plain* has none. Prometheus, Redis, Vault, Jaeger and DNS have none. A meshed pod's refused connection may open, to its own proxy, and then end: what counts is an answer. The sidecars themselves pass by their own Sidecar rules, which is how they reach istiod. Between a pod and its own node everything passes, as Kubernetes has it: the probes come that way.

| source | destination | port | works | the network | the mesh |
|---|---|---|---|---|---|
`

const middle = `
## Requests from outside

Over TLS to the gateway, as they are sent. The gateway answers 404 where it has no route, the proxy of the service 403 where no policy allows; what reaches the service it answers itself, with 404 for what it does not know. Port 80 answers 308 to every path.

| request | token | who answers | because of |
|---|---|---|---|
`

// Page is docs/reachability.md.
func (t Table) Page() string {
	var b strings.Builder
	b.WriteString(head)
	for _, c := range t.Connections {
		fmt.Fprintf(&b, "| %s | %s | %d/%s | %s | %s | %s |\n", c.Source, c.Destination, c.Port, c.Protocol, yes(c.Works), c.Network, c.Mesh)
	}
	b.WriteString(middle)
	for _, r := range t.Requests {
		answer := map[string]string{"service": "the service", "gateway": "the gateway, 404", "mesh": "the proxy, 403", "refused": "one of both, as the version of Envoy has it"}[r.Answer]
		fmt.Fprintf(&b, "| `%s %s` | %s | %s | %s |\n", r.Method, r.Path, yes(r.Token), answer, r.By)
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// String is a cell: the verdict and the objects that gave it, without the kind
// that the column's title tells.
func (l Layer) String() string {
	word := "passes"
	if !l.Allowed {
		word = "stops"
	}
	if len(l.By) == 0 {
		return word
	}
	return word + ": " + strings.ReplaceAll(strings.Join(l.By, ", "), "NetworkPolicy ", "")
}
