package reach

import (
	"encoding/json"
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/gravitywavesml/gravity_techanalysis/k8s/manifest"
)

var update = flag.Bool("update", false, "write docs/reachability.md and k8s/reachability.json")

func table(t *testing.T, overlay string) Table {
	t.Helper()
	objects, err := manifest.Render("../overlays/" + overlay)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Of(objects)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFresh: the page and its twin say what the manifests say.
func TestFresh(t *testing.T) {
	all := table(t, "dev")
	twin, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{"../../docs/reachability.md": all.Page(), "../reachability.json": string(twin) + "\n"} {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(have) != want {
			t.Errorf("%s is stale: cd k8s && go test ./reach -update", file)
		}
	}
}

// TestOverlaysAgree: nobody reaches more in production than in development.
func TestOverlaysAgree(t *testing.T) {
	dev, prod := table(t, "dev"), table(t, "prod")
	if dev.Page() != prod.Page() {
		t.Error("the overlays differ in who reaches whom; the page speaks of both")
	}
}

// TestConnections is what an operator may rely on, written by hand: all that
// works, and nothing else does.
func TestConnections(t *testing.T) {
	want := map[string]bool{}
	for _, row := range []string{
		"gateway > service 8000", "gateway > canary 8000",
		"prometheus > service 15020",
		"service > redis 6379", "service > vault 8200",
		"service > jaeger 4318",
		"service > dns 53/UDP", "service > dns 53",
		"neighbour, meshed > dns 53/UDP", "neighbour, meshed > dns 53",
		"neighbour, plain > dns 53/UDP", "neighbour, plain > dns 53",
		"neighbour, plain > istiod 15012", // what its proxy would need
	} {
		if !strings.HasSuffix(row, "/UDP") {
			row += "/TCP"
		}
		want[row] = true
	}
	for _, c := range table(t, "dev").Connections {
		row := c.Source + " > " + c.Destination + " " + strconv.Itoa(int(c.Port)) + "/" + c.Protocol
		if c.Works != want[row] {
			t.Errorf("%s: works %v, want %v (%s; %s)", row, c.Works, want[row], c.Network, c.Mesh)
		}
		delete(want, row)
	}
	for row := range want {
		t.Errorf("no row %s", row)
	}
}

// TestTwoLayers: where a stranger is kept from the service, the network and the
// mesh each do so alone.
func TestTwoLayers(t *testing.T) {
	seen := 0
	for _, c := range table(t, "dev").Connections {
		stranger := strings.HasPrefix(c.Source, "stranger") || strings.HasPrefix(c.Source, "neighbour")
		if c.Destination != "service" || !stranger || c.Port != 8000 && c.Port != 9090 {
			continue
		}
		seen++
		if c.Network.Allowed || c.Mesh.Allowed {
			t.Errorf("%s to port %d: network %s, mesh %s", c.Source, c.Port, c.Network, c.Mesh)
		}
	}
	if seen != 8 {
		t.Errorf("%d rows of strangers, want 8", seen)
	}
}

// TestRequests: metrics, profiles and what else is not for the outside are
// answered by the gateway or the proxy, or are an unknown path under /api/v1/
// of the service, which has none of them on that port.
func TestRequests(t *testing.T) {
	open := map[string]bool{
		"GET /health": true, "GET /health/ready": true, "GET /api/docs": true, "GET /api/openapi.json": true,
		"GET /api/v1/indicators token": true, "POST /api/v1/compute token": true, "DELETE /api/v1/plugins/none token": true,
		"GET /api/v1/..%2f..%2fdebug/pprof/ token": true, // to the service's own 404
	}
	for _, r := range table(t, "dev").Requests {
		key := r.Method + " " + r.Path
		if r.Token {
			key += " token"
		}
		if (r.Answer == "service") != open[key] {
			t.Errorf("%s: %s answers (%s)", key, r.Answer, r.By)
		}
		delete(open, key)
	}
	for key := range open {
		t.Errorf("no row %s", key)
	}
}

func TestNormalise(t *testing.T) {
	for path, want := range map[string]string{
		"/api/v1": "/api/v1", "/api/../metrics": "/metrics", "/api/%2E%2e/metrics": "/metrics", `/api\..\metrics`: "/metrics",
		"/../..": "/", "/a/.": "/a/", "/a/b/..": "/a/", "//metrics": "//metrics", "/api/..%2fmetrics": "/api/..%2fmetrics", "/a//../b": "/a/b",
	} {
		if have := normalise(path); have != want {
			t.Errorf("%s: %s, want %s", path, have, want)
		}
	}
}
