//go:build e2e

package e2e

import "testing"

// Every request of k8s/reachability.json is answered by whom it says: what is
// exposed by the service, all else by the gateway or the mesh.
func TestGateway(t *testing.T) {
	out, err := script(t.Context(), "smoke", "TOKEN="+token(t))
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Log("\n" + out)
}
