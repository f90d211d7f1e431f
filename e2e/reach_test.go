//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// row is one of k8s/reachability.json: a connection, what each layer says of it,
// and whether it works.
type row struct {
	Source, Destination, Protocol, Speaks string
	Meshed                                bool
	Port                                  int
	Network, Mesh                         layer
	Works                                 bool
}

type layer struct {
	Allowed bool
	By      []string
}

func (r row) String() string {
	return fmt.Sprintf("%s to %s %d/%s", r.Source, r.Destination, r.Port, r.Protocol)
}

// TestReachability tries every row of the table with a real connection, twice.
// As deployed: what works is answered, and what does not is not. Then with a
// policy that lets everything pass the network, so that the mesh stands alone:
// each row ends as the mesh says, and at what it names. The first pass would be
// as green without the mesh's part, since the network stops the same strangers.
func TestReachability(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(root, "k8s", "reachability.json"))
	if err != nil {
		t.Fatal(err)
	}
	var table struct{ Connections []row }
	decode(t, raw, &table)
	// A canary with the least share, so that there is one to reach.
	techanalysis(t, "canary", "start", "--image", image, "--weight", "1")
	t.Cleanup(func() { techanalysis(t, "canary", "abort") })
	w := newWorld(t)

	began := time.Now()
	for _, o := range w.tryAll(t, table.Connections) {
		switch {
		case (o.end == answered) != o.row.Works:
			t.Errorf("%v: %s, the table says works: %v", o.row, o, o.row.Works)
		case !o.row.Network.Allowed && !o.row.Meshed && o.end != silence:
			t.Errorf("%v: %s, the network should have stopped it", o.row, o)
		}
	}
	events.add("reachability as deployed: %d connections\t%.1f", len(table.Connections), time.Since(began).Seconds())

	shut := w.open(t)
	began = time.Now()
	positive := map[string]int{} // by source: shows that its negative rows could have been answered
	for _, o := range w.tryAll(t, table.Connections) {
		if want := byMesh(o.row); !want[o.end] {
			t.Errorf("with an open network, %v: %s, the mesh says %+v", o.row, o, o.row.Mesh)
		}
		if o.end == answered && o.shell {
			positive[o.row.Source]++
		}
	}
	for _, r := range table.Connections {
		if positive[r.Source] == 0 {
			positive[r.Source] = 1 // said once
			t.Errorf("no connection of %s was answered to its shell: its refusals show nothing", r.Source)
		}
	}
	events.add("reachability, the mesh alone: %d connections\t%.1f", len(table.Connections), time.Since(began).Seconds())
	shut()
}

// byMesh is how a row may end when the mesh alone decides.
func byMesh(r row) map[end]bool {
	if r.Mesh.Allowed {
		return map[end]bool{answered: true}
	}
	kind, _, _ := strings.Cut(r.Mesh.By[0], " ")
	switch kind {
	case "AuthorizationPolicy":
		// On a port that no Service has the proxy may not know that it is HTTP, and
		// can only cut the connection.
		return map[end]bool{forbidden: true, cut: r.Port != 8000}
	case "PeerAuthentication": // the handshake that never came
		return map[end]bool{reset: true}
	case "Sidecar": // 502 where its own proxy speaks HTTP
		return map[end]bool{unknown: true, reset: true}
	}
	return nil
}

// attempt is how a row ended.
type attempt struct {
	row   row
	end   end
	said  string
	shell bool // it was made from a shell at the source
}

func (a attempt) String() string { return fmt.Sprintf("%s (%.200q)", a.end, a.said) }

// tryAll tries the rows, a few at a time. That one could not be tried is a
// failure, whatever the table says of it.
func (w *world) tryAll(t *testing.T, rows []row) []attempt {
	t.Helper()
	all := make([]attempt, len(rows))
	errs := make([]error, len(rows))
	var wg sync.WaitGroup
	few := make(chan struct{}, 10)
	for i, r := range rows {
		few <- struct{}{}
		wg.Go(func() {
			defer func() { <-few }()
			all[i], errs[i] = w.try(t.Context(), r)
		})
	}
	wg.Wait()
	var made []attempt
	for i, err := range errs {
		if err != nil {
			t.Errorf("%v was not tried: %v", rows[i], err)
			continue
		}
		made = append(made, all[i])
	}
	return made
}

// open lets everything pass the network of the namespace, and returns what ends
// that. It ends in any case: the policy belongs to a Job, which the cluster
// deletes after five minutes, whatever becomes of this process.
func (w *world) open(t *testing.T) (shut func()) {
	t.Helper()
	apply(t, namespace, object{
		"apiVersion": "batch/v1", "kind": "Job", "metadata": meta("e2e-open"),
		"spec": object{
			"activeDeadlineSeconds": 300, "ttlSecondsAfterFinished": 0, "backoffLimit": 0,
			"template": object{
				"metadata": object{"labels": object{"app": "e2e-open", "sidecar.istio.io/inject": "false"}},
				"spec":     sleeper("Never"),
			},
		},
	})
	uid := kubectl(t, "get", "job", "e2e-open", "-o", "jsonpath={.metadata.uid}")
	policy := meta("e2e-open")
	policy["ownerReferences"] = []any{object{"apiVersion": "batch/v1", "kind": "Job", "name": "e2e-open", "uid": uid}}
	apply(t, namespace, object{
		"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": policy,
		"spec": object{
			"podSelector": object{}, "policyTypes": []string{"Ingress", "Egress"},
			"ingress": []any{object{}}, "egress": []any{object{}},
		},
	})
	// Nothing in the mesh stops this one.
	probe := row{Source: "stranger, plain", Destination: "service", Port: 15020, Protocol: "TCP", Speaks: "http"}
	becomes := func(want end) func() error {
		return func() error {
			a, err := w.try(t.Context(), probe)
			if err == nil && a.end != want {
				err = fmt.Errorf("%v: %v", probe, a)
			}
			return err
		}
	}
	remove := func() {
		kubectl(t, "delete", "networkpolicy,job", "e2e-open", "--ignore-not-found", "--wait")
	}
	t.Cleanup(remove)
	await(t, 30*time.Second, "the network opens", becomes(answered))
	return func() {
		remove()
		await(t, 30*time.Second, "the network closes again", becomes(silence))
	}
}

// object is one of the API server's.
type object = map[string]any

// ours marks what the suite adds to the cluster: tidy takes it away again.
const ours = "technical-analysis/e2e"

func meta(name string) object {
	return object{"name": name, "labels": object{ours: "true", "app": name}}
}

// apply creates an object, or makes it so.
func apply(t *testing.T, ns string, o object) {
	t.Helper()
	raw, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "object.json")
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	kubectl(t, "-n", ns, "apply", "-f", file)
}
