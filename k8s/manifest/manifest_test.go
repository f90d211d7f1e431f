package manifest

import (
	"strings"
	"testing"
)

// TestDecodeStrict: what the API would ignore or refuse is an error here.
func TestDecodeStrict(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"an unknown field":             {"apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selectors: {}}\n", "selectors"},
		"an unknown field of Istio":    {"apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\nspec: {servers: [{ports: {}}]}\n", "ports"},
		"an unknown value of Istio":    {"apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: a}\nspec: {mtls: {mode: STRONG}}\n", "STRONG"},
		"a key twice":                  {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: x, A: y}\n", "already"},
		"a kind that is not ours":      {"apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: a}\n", "Ingress"},
		"a version that the API had":   {"apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: a}\n", "policy/v1beta1"},
		"a number where text is due":   {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {A: 1}\n", "string"},
		"a field beside spec of Istio": {"apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: a}\nserver: []\n", "server"},
	} {
		if _, err := Decode([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want one that says %s", name, err, c.says)
		}
	}
}

func TestRenderMissing(t *testing.T) {
	if _, err := Render("../overlays/none"); err == nil || !strings.Contains(err.Error(), "overlays/none") {
		t.Errorf("an overlay that does not exist: %v", err)
	}
}
